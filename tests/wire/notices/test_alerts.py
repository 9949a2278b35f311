"""Alerts as messages of the socket."""

from __future__ import annotations

from uuid import uuid4

import msgspec

from hub.wire.notices.alerts import Alert, AlertMessage, message
from tests.wire.notices.test_push import NOW


def test_a_message_has_what_the_alert_has() -> None:
    alert = Alert(
        alert_id=uuid4(), rule_id=uuid4(), kind="battery", title="Low", text="low", severity="info", driver_id="d",
        state="resolved", at=NOW, noticed_at=NOW, details={"value": 0.1}, version=2, resolved_at=NOW, held="late",
    )  # fmt: skip
    said = msgspec.json.decode(msgspec.json.encode(message("resolved", alert)))
    assert said.pop("type") == "alert" and said.pop("event") == "resolved"
    assert said == msgspec.json.decode(msgspec.json.encode(alert))


def test_it_leaves_out_nothing_but_when_it_was_sent() -> None:
    assert set(AlertMessage.__struct_fields__) == set(Alert.__struct_fields__) - {"sent_at"} | {"event"}
