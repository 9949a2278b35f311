"""Folds: rows and events as a function of the positions of each driver."""
