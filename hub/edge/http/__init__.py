"""HTTP: middleware, limits, problems, parameters and access."""
