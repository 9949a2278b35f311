"""Shared by the tests of several folders: running hubs, peers, clients, documents."""
