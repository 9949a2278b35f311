"""Jobs: what is to be done at a place, its status, and arrivals from positions."""
