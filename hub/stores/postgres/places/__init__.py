"""Names of places: those of the gazetteer, and addresses that the geocoder answered."""
