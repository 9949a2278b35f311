"""Conversations with the live state, and the peers of core tests."""
