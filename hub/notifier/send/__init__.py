"""Sending: one delivery to one channel."""
