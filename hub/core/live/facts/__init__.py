"""What the hub knows of drivers besides their positions: presence, states, groups, fences, removals."""
