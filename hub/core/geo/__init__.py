"""Distances, areas and paths on the sphere."""
