"""Trips and stops from the positions of a driver."""
