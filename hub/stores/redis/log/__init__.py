"""The log in Redis: written, read, followed, and its state."""
