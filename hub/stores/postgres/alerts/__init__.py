"""Rules, alerts, channels and deliveries in PostgreSQL."""
