"""Logins with an OpenID Connect provider: authorization code flow with PKCE. Without HTTP on the hub's side."""
