"""The copy of the registry in the memory of a node."""
