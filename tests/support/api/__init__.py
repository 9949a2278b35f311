"""Calls of the API: documents, fleets, logins, phones, an identity provider."""
