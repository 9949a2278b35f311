"""A channel that the hub disables: who is told, and what becomes of what waits."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web

from hub.settings import Settings
from tests.support.logbook import fetch, until, value
from tests.support.notify.notifiers import alerts, channel, for_channels, notifying, put_deliveries, rule, states
from tests.support.notify.receivers import receiver


async def test_it_is_told_by_an_alert_the_audit_log_and_other_channels(settings: Settings) -> None:
    settings = for_channels(settings)
    async with receiver() as found:

        async def gone(path: str, event: Any) -> int | web.StreamResponse:
            return 410 if path == "/gone" else 204

        found.answer = gone
        bad = await channel(settings, config={"url": f"{found.url}gone"}, events=["channel"], name="ERP")
        await channel(settings, config={"url": f"{found.url}admins"}, events=["channel"])
        await channel(settings, config={"url": f"{found.url}others"}, events=["trip"])
        await channel(settings, config={"url": f"{found.url}fleet"}, events=["channel"], fleet="elsewhere")
        await put_deliveries(settings, bad, ["d", "d", "d"])
        async with notifying(settings):

            async def told() -> bool:
                return len(found.confirmed) == 1

            await until(told)
            # A change of the rules closes the alerts of those that are deleted: this one has none, and stays.
            await rule(settings, "offline")
            await rule(settings, "trip.started", enabled=False)
    (alert,) = await alerts(settings)
    data = json.loads(alert["data"])
    assert (data["kind"], data["severity"], alert["state"]) == ("channel.disabled", "critical", "open")
    assert (alert["rule_id"], alert["driver_id"]) == (bad, "")
    words = "Nothing is sent through the channel ERP any more: the receiver answers 410: it wants no more"
    assert data["text"] == words and data["details"]["channelId"] == str(bad)
    (notice,) = found.confirmed
    assert (notice.path, notice.event["type"], "subject" in notice.event) == ("/admins", "hub.channel.disabled", False)
    assert (notice.event["data"]["text"], notice.event["data"]["alertId"]) == (words, str(alert["id"]))
    assert await states(settings) == {"sent": 1, "skipped": 3}
    (entry,) = await fetch(settings, "SELECT fleet, actor_kind, action, subject_id, details FROM audit")
    assert tuple(entry)[:4] == ("default", "hub", "channel.disabled", str(bad))
    assert json.loads(entry[4]) == {"kind": "webhook", "reason": "the receiver answers 410: it wants no more"}
    assert await value(settings, "SELECT count(*) FROM alert_messages") == 0
