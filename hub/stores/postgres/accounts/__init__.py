"""Users, sessions, and the rows that access depends on."""
