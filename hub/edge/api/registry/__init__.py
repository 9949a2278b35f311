"""Drivers, vehicles, phone tokens and share links."""
