"""Bodies that are not valid: what can be read of them, and how many points they seem to hold."""
