"""Clients of the hub: libraries for drivers and dispatchers, simulator, replay, terminal screen, benchmark."""
