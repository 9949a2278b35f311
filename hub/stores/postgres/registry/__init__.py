"""Drivers, vehicles and share links."""
