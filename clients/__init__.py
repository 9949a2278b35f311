"""Clients of the hub: libraries for drivers and dispatchers, the simulator, replay, the terminal watcher, the bench."""
