"""Redis and the log: gone, emptied, full, damaged."""
