"""What admins look after: the state of the hub and its queues, and content of the log that could not be stored."""
