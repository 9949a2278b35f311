"""Conversations with Redis: the log, latest positions, events and tickets."""
