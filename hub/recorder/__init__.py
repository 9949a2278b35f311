"""The recorder, a process of its own: reads the log, derives rows, and commits both with the offset of the log."""
