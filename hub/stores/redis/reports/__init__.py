"""What the recorder and the notifier report in Redis."""
