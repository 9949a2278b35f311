"""What the settings are read and refused with: lists, and the error."""

from __future__ import annotations

import ipaddress


class SettingsError(ValueError):
    """Invalid setting. The message names the variable and the reason."""


def check_networks(variable: str, setting: str) -> None:
    """Refuse what is not a list of addresses or networks. Raises ``SettingsError``."""
    for part in listed(setting):
        try:
            ipaddress.ip_network(part)
        except ValueError as error:
            raise SettingsError(f"{variable}: {error}") from error


def listed(setting: str) -> list[str]:
    """Parts of a comma-separated setting."""
    return [part.strip() for part in setting.split(",") if part.strip()]
