"""Peers: hostile, slow, stopped, too many."""
