"""Positions, what the folds derive from them, events, and the offset of the log."""
