"""The notifier, a process of its own: makes alerts of facts, and sends them through the channels of the fleet."""
