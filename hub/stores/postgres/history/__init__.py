"""Positions and trips."""
