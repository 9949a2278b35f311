"""Rules and alerts: what a rule notices in facts, positions and silence. Pure."""
