"""Fences: entering and editing them, who is inside, and visits of the past."""
