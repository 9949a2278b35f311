"""The streams of events and alerts."""
