"""Queries of reports, and the reports that are sent by schedule."""
