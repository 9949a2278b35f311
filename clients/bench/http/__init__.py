"""Requests by HTTP: single fixes of drivers and of phone apps, and what a dispatcher asks for."""
