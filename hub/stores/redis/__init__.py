"""Redis: connections, the log, latest positions, events and tickets."""
