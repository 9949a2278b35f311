"""Authentication and authorisation, without HTTP."""
