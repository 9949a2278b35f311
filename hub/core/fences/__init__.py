"""Fences: their shapes and versions, and the fold that makes visits and crossings out of a driver's points."""
