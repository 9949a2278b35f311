"""Recorded tracks sent to a hub as if they happened now."""
