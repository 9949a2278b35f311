"""The data of a digest: one message about several alerts of a rule."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from msgspec import Struct

from hub.wire.notices.alerts import Alert

TYPE = "hub.alert.digest"

LISTED = 20
"""Alerts that a digest names; it counts the others."""


class Digest(Struct, rename="camel"):
    """``count`` alerts, of which ``alerts`` has the first ``LISTED``; ``text`` has a sentence about each of these."""

    rule_id: UUID
    title: str
    text: str
    severity: str
    count: int
    alerts: list[Alert]


def digest_of(rule_id: UUID, name: str, severity: str, alerts: Sequence[Alert], count: int) -> Digest:
    """The digest of ``count`` alerts of a rule with this name, of which ``alerts`` are known."""
    named = list(alerts[:LISTED])
    text = "; ".join(alert.text for alert in named)
    if count > len(named):
        text += f" and {count - len(named)} more" if named else f"{count} alerts"
    return Digest(rule_id, f"{name}: {count} alerts", text, severity, count, named)


def without(digest: Digest, driver_id: str) -> Digest | None:
    """The digest without the alerts about a driver that it names; None if it has no others."""
    kept = [alert for alert in digest.alerts if alert.driver_id != driver_id]
    name = digest.title.removesuffix(f": {digest.count} alerts")
    count = digest.count - len(digest.alerts) + len(kept)
    if not count:
        return None
    return digest_of(digest.rule_id, name, digest.severity, kept, count)
