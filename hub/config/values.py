"""What the settings are read and refused with: lists, and the error."""

from __future__ import annotations


class SettingsError(ValueError):
    """Invalid setting. The message names the variable and the reason."""


def listed(setting: str) -> list[str]:
    """Parts of a comma-separated setting."""
    return [part.strip() for part in setting.split(",") if part.strip()]
