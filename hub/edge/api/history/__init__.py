"""Tracks, trips and positions from PostgreSQL."""
