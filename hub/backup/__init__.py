"""Backups of both stores: written, verified, kept and restored. Used by ``hub backup`` and ``hub restore``."""
