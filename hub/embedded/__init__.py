"""A private Valkey and PostgreSQL in the data directory, for a hub that was given no URLs. Start at ``services``."""
