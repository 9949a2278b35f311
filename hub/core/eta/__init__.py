"""How long a driver takes to a place: learned from the fleet's own trips, with an interval."""
