"""File formats of tracks."""
