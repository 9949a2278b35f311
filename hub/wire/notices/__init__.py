"""Notices: what channels send, in the formats of their receivers."""
