"""PostgreSQL: connections, migrations, and all SQL."""
