"""The API of rules, alerts and channels."""
