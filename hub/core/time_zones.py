"""The time zones of fleets: which day an instant belongs to."""

from __future__ import annotations

from datetime import date, datetime, tzinfo
from zoneinfo import ZoneInfo

from hub.core.nouns import ID_PATTERN


class TimeZones:
    """The setting ``HUB_TIME_ZONE``: an IANA name for all fleets, and ``fleet=name`` for fleets with another one."""

    def __init__(self, text: str) -> None:
        """Raises ``ValueError`` for what is not a time zone or a fleet."""
        self._default = "UTC"
        self._of: dict[str, str] = {}
        for part in filter(None, (part.strip() for part in text.split(","))):
            fleet, equals, name = part.rpartition("=")
            zone(name)
            if not equals:
                self._default = name
            elif ID_PATTERN.match(fleet):
                self._of[fleet] = name
            else:
                raise ValueError(f"{fleet} is not a fleet id")

    def of(self, fleet: str) -> str:
        """The name of a fleet's time zone."""
        return self._of.get(fleet, self._default)


def zone(name: str) -> tzinfo:
    """The time zone of an IANA name. Raises ``ValueError``."""
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError) as error:
        raise ValueError(f"{name} is not a time zone: use a name such as Europe/Berlin or UTC") from error


def day(at: datetime, name: str) -> date:
    """The day of an instant in a time zone."""
    return at.astimezone(zone(name)).date()
