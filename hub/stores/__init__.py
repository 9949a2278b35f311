"""One file per conversation with an outside service: the log and latest positions in Redis, rows in PostgreSQL."""
