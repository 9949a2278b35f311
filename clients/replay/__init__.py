"""Sends recorded tracks to a hub."""
