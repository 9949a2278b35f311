"""What the nodes of a hub tell each other by Redis, besides positions."""
