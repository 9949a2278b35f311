"""The geocoder of the operator: addresses of coordinates, and coordinates of addresses."""
