"""Conversations with PostgreSQL."""
