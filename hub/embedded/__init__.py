"""A private Valkey and a private PostgreSQL for whoever configured neither: started, supervised and stopped with us."""
