"""An alert as the API, the socket and channels have it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

from hub.core.messages import Message

ALERTS_KEY = "hub:alerts"
"""The Redis Stream of alerts for the screens. It keeps those that a hub misses while it reconnects."""

ALERTS_KEPT = 10_000


class Alert(Struct, rename="camel", omit_defaults=True, kw_only=True):
    """``at``: when it happened, ``noticed_at``: when the hub noticed it. ``held``: why it was only listed. ``details``:
    figures of the kind. ``state`` is ``open``, ``resolved`` or ``corrected`` (it did not happen). The kind
    ``channel.disabled`` has no driver; its ``rule_id`` is the channel."""

    alert_id: UUID
    rule_id: UUID
    kind: str
    title: str
    text: str
    severity: str
    driver_id: str
    state: str
    at: datetime
    noticed_at: datetime
    details: dict[str, Any]
    version: int
    resolved_at: datetime | None = None
    acknowledged_at: datetime | None = None
    acknowledged_by: str | None = None
    sent_at: datetime | None = None
    held: str | None = None


class AlertMessage(Message, tag="alert", kw_only=True):
    """An alert was ``opened``, ``resolved``, ``corrected`` or ``acknowledged`` (``event``). Sent to subscriptions with
    ``alerts``; a message with a lower ``version`` of the same alert is older."""

    event: str
    alert_id: str
    rule_id: str
    kind: str
    title: str
    text: str
    severity: str
    driver_id: str
    state: str
    at: datetime
    noticed_at: datetime
    details: dict[str, Any]
    version: int
    resolved_at: datetime | None = None
    acknowledged_at: datetime | None = None
    acknowledged_by: str | None = None
    held: str | None = None


def message(event: str, alert: Alert) -> AlertMessage:
    """The message of the socket about an alert."""
    return AlertMessage(
        event=event,
        alert_id=str(alert.alert_id),
        rule_id=str(alert.rule_id),
        kind=alert.kind,
        title=alert.title,
        text=alert.text,
        severity=alert.severity,
        driver_id=alert.driver_id,
        state=alert.state,
        at=alert.at,
        noticed_at=alert.noticed_at,
        details=alert.details,
        version=alert.version,
        resolved_at=alert.resolved_at,
        acknowledged_at=alert.acknowledged_at,
        acknowledged_by=alert.acknowledged_by,
        held=alert.held,
    )
