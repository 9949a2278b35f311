"""The principal of a connection: its fleet, role and rights."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class Role(StrEnum):
    """``open`` is every client of a hub without a secret; the other roles come from a token."""

    OPEN = "open"
    DRIVER = "driver"
    GATEWAY = "gateway"
    DISPATCHER = "dispatcher"
    ADMIN = "admin"


PUBLISHERS = frozenset({Role.OPEN, Role.DRIVER, Role.GATEWAY})
SUBSCRIBERS = frozenset({Role.OPEN, Role.DISPATCHER, Role.ADMIN})
MANAGERS = frozenset({Role.OPEN, Role.ADMIN})


class Principal(Struct, frozen=True, gc=False):
    """``driver`` is set for the role driver only; ``expires`` is epoch seconds, None on an open hub and where nothing
    expires. ``session`` is the login that the token comes from, if it comes from one. ``credential`` is the API key, or
    the registered token, that can be revoked by itself. ``groups``: the groups whose drivers it sees; None for all."""

    fleet: str
    role: Role
    subject: str = ""
    driver: str | None = None
    expires: float | None = None
    session: str | None = None
    credential: str | None = None
    groups: frozenset[str] | None = None

    def same_as(self, other: Principal) -> bool:
        """Whether a token of the one may replace a token of the other."""
        return (self.fleet, self.role, self.driver, self.subject, self.groups) == (
            other.fleet,
            other.role,
            other.driver,
            other.subject,
            other.groups,
        )

    @property
    def publishes(self) -> bool:
        return self.role in PUBLISHERS

    @property
    def subscribes(self) -> bool:
        return self.role in SUBSCRIBERS
