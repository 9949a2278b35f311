"""Reports: which there are, with their columns, and the days that they cover."""
