"""PostgreSQL: gone, or refusing the hub."""
