"""Vehicles: where they are, and what their drivers recorded while they had them."""
