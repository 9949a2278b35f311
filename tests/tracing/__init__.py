"""Spans of traces."""
