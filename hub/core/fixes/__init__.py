"""Fixes: which become positions, of what time, and which are late."""
