"""Limits that hold over all nodes."""
