"""Logins, tickets and users."""
