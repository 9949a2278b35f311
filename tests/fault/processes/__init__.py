"""Processes of the hub: killed, drained, doubled."""
