"""The edge of the log: group commit, events, and the state of the log."""
