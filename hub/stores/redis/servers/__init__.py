"""Servers beyond one Redis: Sentinels, clusters, replicas."""
