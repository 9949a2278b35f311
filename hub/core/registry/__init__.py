"""What live positions need of the registry."""
