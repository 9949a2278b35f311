"""Simulated trucks that drive around Dubai."""
