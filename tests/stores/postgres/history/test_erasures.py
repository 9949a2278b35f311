"""What an erasure finds in the database; ``tests/recorder/test_erasing.py`` has whole erasures."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import asyncpg
import msgspec
import pytest

from hub.stores.postgres.history.erasures import OpenErasure, delete_alerts, request_erasure, word_of
from hub.stores.postgres.history.quarantine import Payload, add_payloads
from hub.wire.notices.alerts import Alert
from hub.wire.notices.digest import TYPE, digest_of
from tests.support.logbook import BASE

UNTIL = BASE + timedelta(hours=2)

RULE = UUID(int=7)


def alert(number: int, driver: str) -> Alert:
    return Alert(
        alert_id=UUID(int=number), rule_id=RULE, kind="overspeed", title="Fast", text=f"{driver} is fast",
        severity="warning", driver_id=driver, state="open", at=BASE, noticed_at=BASE, details={"latitude": 25.2},
        version=1,
    )  # fmt: skip


async def add_digests(connection: asyncpg.Connection, fleet: str, *digests: list[Alert]) -> None:
    channel = await connection.fetchval(
        "INSERT INTO channels (fleet, name, kind, config, sealed) VALUES ($1, '', 'webhook', '{}', '') RETURNING id",
        fleet,
    )
    for number, alerts in enumerate(digests):
        data = msgspec.json.encode(digest_of(RULE, "Fast", "warning", alerts, len(alerts))).decode()
        await connection.execute(
            "INSERT INTO deliveries (channel_id, sequence, lane, message_id, type, state, at, created_at, next_at, "
            "data) VALUES ($1, $2, '', '', $3, 'pending', now(), now(), now(), $4)", channel, number, TYPE, data,
        )  # fmt: skip


async def texts(connection: asyncpg.Connection, fleet: str) -> list[str]:
    rows = await connection.fetch(
        "SELECT data ->> 'text' AS text FROM deliveries AS d JOIN channels AS c ON c.id = d.channel_id "
        "WHERE c.fleet = $1 ORDER BY d.sequence", fleet,
    )  # fmt: skip
    return [row["text"] for row in rows]


async def test_digests_keep_the_alerts_about_others(connection: asyncpg.Connection) -> None:
    one, other, again = alert(1, "d1"), alert(2, "d10"), alert(3, "d1")
    for fleet in ("f", "another"):
        await add_digests(connection, fleet, [one, other, again], [one], [other])
    await delete_alerts(connection, OpenErasure(UUID(int=1), "f", "d1", UNTIL, history=True))
    assert await texts(connection, "f") == ["d10 is fast", "d10 is fast"]
    assert await texts(connection, "another") == ["d1 is fast; d10 is fast; d1 is fast", "d1 is fast", "d10 is fast"]


async def test_a_payload_that_waited_meanwhile_is_not_kept(connection: asyncpg.Connection) -> None:
    await request_erasure(connection, "default", "d1", UNTIL, history=True)
    after = UNTIL + timedelta(seconds=1)
    kept = Payload("default", None, UNTIL, "", "", None, "", 1, "", "", None, "", b"")
    payloads = [
        msgspec.structs.replace(kept, driver_id="d1"),
        msgspec.structs.replace(kept, sender="d1"),
        msgspec.structs.replace(kept, sender="d1", received_at=after),
        msgspec.structs.replace(kept, sender="d10"),
        kept,
    ]
    await add_payloads(connection, payloads, 10**9)
    rows = await connection.fetch("SELECT sender, received_at FROM quarantine ORDER BY received_at, sender")
    assert [tuple(row) for row in rows] == [("d10", UNTIL), (None, UNTIL), ("d1", after)]


@pytest.mark.parametrize(
    ("driver", "text", "found"),
    [
        ("d1", '"d1"', True), ("d1", "id=d1", True), ("d1", "d10", False), ("d1", "x-d1", False),
        ("a.b", '"a.b"', True), ("a.b", '"axb"', False), ("v:1-_", "v:1-_\\377", True),
    ],
)  # fmt: skip
async def test_an_id_is_found_as_a_word(connection: asyncpg.Connection, driver: str, text: str, found: bool) -> None:
    assert await connection.fetchval("SELECT $1::text ~ $2", text, word_of(driver)) is found
