"""Commands that manage users, API keys and tokens."""
