"""Fences and their versions, and the tables of their fold."""
