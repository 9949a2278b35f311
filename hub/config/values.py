"""What the settings are read and refused with: lists, loopback names, the error."""

from __future__ import annotations

import ipaddress


class SettingsError(ValueError):
    """Invalid setting. The message names the variable and the reason."""


def listed(setting: str) -> list[str]:
    """Parts of a comma-separated setting."""
    return [part.strip() for part in setting.split(",") if part.strip()]


def is_loopback(host: str) -> bool:
    """Whether ``host`` is a loopback address or ``localhost``; False for any other name."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
