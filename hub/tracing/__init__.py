"""Spans of traces for an OpenTelemetry collector."""
