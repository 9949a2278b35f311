"""The outbox: numbers without gaps, heads of lanes, and what a try changes."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.stores.postgres.alerts import channels, deliveries
from hub.stores.postgres.alerts.deliveries import NewDelivery

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)


async def channel(connection: asyncpg.Connection) -> UUID:
    id = uuid4()
    await channels.add(connection, "f", id, name="n", kind="webhook", config="{}", events=[], sealed=b"")
    return id


def new(channel_id: UUID, lane: str, message_id: str, state: str = "pending") -> NewDelivery:
    return NewDelivery(channel_id, lane, message_id, "hub.test", lane, NOW, '{"text":"x"}', state)


async def put(connection: asyncpg.Connection, channel_id: UUID, *lanes: str) -> None:
    await deliveries.put(connection, [new(channel_id, lane, f"{lane}{n}") for n, lane in enumerate(lanes)], NOW)


async def heads(connection: asyncpg.Connection, channel_id: UUID, now: datetime = NOW, busy: str = "") -> list[str]:
    return [one.message_id for one in await deliveries.heads(connection, channel_id, now, list(busy), 100)]


async def test_skipped_deliveries_are_missed_by_the_next(connection: asyncpg.Connection) -> None:
    id = await channel(connection)
    lanes = [
        new(id, "a", "1"),
        new(id, "a", "2", "skipped"),
        new(id, "b", "3", "skipped"),
        new(id, "a", "4", "skipped"),
    ]
    await deliveries.put(connection, lanes, NOW)
    await connection.execute("UPDATE deliveries SET state = 'sent' WHERE message_id = '1'")
    await put(connection, id, "a", "b", "c")
    found = await deliveries.heads(connection, id, NOW, [], 100)
    assert [(one.lane, one.sequence, one.missed) for one in found] == [("a", 4, 2), ("b", 2, 1), ("c", 1, 0)]
    # Those that wait when the channel is disabled are missed, too.
    assert await channels.disable(connection, id, "r") and not await channels.disable(connection, id, "r")
    rows = await connection.fetch("SELECT lane, missed FROM delivery_lanes WHERE channel_id = $1 ORDER BY lane", id)
    assert [tuple(row) for row in rows] == [("a", 3), ("b", 2), ("c", 1)]


async def test_each_lane_is_numbered_in_order(connection: asyncpg.Connection) -> None:
    one, other = await channel(connection), await channel(connection)
    await put(connection, one, "a", "b", "a", "a")
    await put(connection, other, "a")
    await put(connection, one, "a")
    rows = await connection.fetch(
        "SELECT lane, sequence, message_id FROM deliveries WHERE channel_id = $1 ORDER BY id", one
    )
    assert [tuple(row) for row in rows] == [
        ("a", 1, "a0"),
        ("b", 1, "b1"),
        ("a", 2, "a2"),
        ("a", 3, "a3"),
        ("a", 4, "a0"),
    ]
    await deliveries.put(connection, [], NOW)


async def test_concurrent_transactions_get_different_numbers(connection: asyncpg.Connection, database_url: str) -> None:
    id = await channel(connection)

    async def writer(n: int) -> None:
        own = await asyncpg.connect(database_url)
        try:
            for k in range(10):
                async with own.transaction():
                    await deliveries.put(own, [new(id, lane, f"{n}-{k}") for lane in ("b", "a")], NOW)
        finally:
            await own.close()

    await asyncio.gather(*(writer(n) for n in range(4)))
    rows = await connection.fetch("SELECT lane, array_agg(sequence ORDER BY sequence) FROM deliveries GROUP BY lane")
    assert {row[0]: row[1] for row in rows} == {lane: list(range(1, 41)) for lane in "ab"}


async def test_what_is_added_while_the_channel_is_disabled_is_skipped(
    connection: asyncpg.Connection, database_url: str
) -> None:
    id, deleted, other = await channel(connection), await channel(connection), await asyncpg.connect(database_url)
    try:
        async with other.transaction():
            await channels.disable(other, id, "r")
            await channels.delete(other, "f", deleted, None)
            adding = asyncio.create_task(
                deliveries.put(connection, [new(id, "a", "1"), new(deleted, "a", "2"), new(id, "a", "3")], NOW)
            )
            await asyncio.wait([adding], timeout=0.2)
            assert not adding.done()
        await adding
    finally:
        await other.close()
    rows = await connection.fetch("SELECT channel_id, message_id, sequence, state FROM deliveries ORDER BY id")
    assert [tuple(row) for row in rows] == [(id, "1", 1, "skipped"), (id, "3", 2, "skipped")]
    assert await connection.fetchval("SELECT missed FROM delivery_lanes") == 2


async def test_giving_up_and_adding_in_many_lanes_do_not_deadlock(
    connection: asyncpg.Connection, database_url: str
) -> None:
    id, other = await channel(connection), await asyncpg.connect(database_url)
    await put(connection, id, "b", "a")
    try:
        async with other.transaction():
            await deliveries.put(other, [new(id, "a", "1")], NOW + timedelta(hours=1))
            giving_up = asyncio.create_task(deliveries.give_up(connection, id, NOW + timedelta(minutes=1)))
            await asyncio.wait([giving_up], timeout=0.2)
            await deliveries.put(other, [new(id, "b", "2")], NOW + timedelta(hours=1))
        assert await giving_up == 2
    finally:
        await other.close()


async def test_two_channels_that_tell_each_other_are_disabled_at_once(
    connection: asyncpg.Connection, database_url: str
) -> None:
    one, two, other = await channel(connection), await channel(connection), await asyncpg.connect(database_url)

    async def disable(own: asyncpg.Connection, id: UUID, told: UUID) -> None:
        async with own.transaction():
            await channels.disable(own, id, "r")
            await asyncio.sleep(0.1)
            await deliveries.put(own, [new(told, "", str(id))], NOW)

    try:
        await asyncio.gather(disable(connection, one, two), disable(other, two, one))
    finally:
        await other.close()
    rows = await connection.fetch("SELECT message_id, state FROM deliveries ORDER BY id")
    assert len(rows) == 2 and rows[1]["state"] == "skipped"


async def test_heads_are_the_first_of_each_lane_that_may_be_sent(connection: asyncpg.Connection) -> None:
    id = await channel(connection)
    await put(connection, id, "a", "b", "a", "c")
    assert await heads(connection, id) == ["a0", "b1", "c3"]
    assert await heads(connection, id, busy="a") == ["b1", "c3"]
    assert await heads(connection, id, NOW - timedelta(seconds=1)) == []
    first = (await deliveries.heads(connection, id, NOW, [], 1))[0]
    await deliveries.failed(connection, first.id, 500, "e", 7, NOW + timedelta(seconds=5))
    # Its lane waits, what follows in it too; and then it comes last, because it was tried.
    assert await heads(connection, id) == ["b1", "c3"]
    assert await heads(connection, id, NOW + timedelta(seconds=5)) == ["b1", "c3", "a0"]
    (following,) = await deliveries.following(connection, id, "a", first.sequence, 10)
    assert following.message_id == "a2"
    await connection.execute("UPDATE channels SET state = 'paused'")
    assert await heads(connection, id) == []
    assert await deliveries.following(connection, id, "a", first.sequence, 10) == []


async def test_a_dead_delivery_is_a_gap_for_the_next(connection: asyncpg.Connection) -> None:
    id = await channel(connection)
    await put(connection, id, "a", "a", "a", "a")
    for _ in range(2):
        (head,) = await deliveries.heads(connection, id, NOW, [], 1)
        await deliveries.failed(connection, head.id, None, "no answer", 10, None)
    (head,) = await deliveries.heads(connection, id, NOW, [], 1)
    assert (head.sequence, head.missed) == (3, 2)
    await deliveries.sent(connection, head.id, NOW, 204, 12)
    (head,) = await deliveries.heads(connection, id, NOW, [], 1)
    assert (head.sequence, head.missed) == (4, 0)
    log = await deliveries.log(connection, "f", id, 10)
    assert [(one.state, one.attempts, one.last_status) for one in log] == [
        ("pending", 0, None), ("sent", 1, 204), ("dead", 1, None), ("dead", 1, None),
    ]  # fmt: skip


async def test_what_is_old_is_given_up(connection: asyncpg.Connection) -> None:
    id = await channel(connection)
    await put(connection, id, "a", "a", "b")
    await deliveries.put(connection, [new(id, "a", "later")], NOW + timedelta(hours=1))
    assert await deliveries.give_up(connection, id, NOW + timedelta(minutes=1)) == 3
    assert await deliveries.give_up(connection, id, NOW + timedelta(minutes=1)) == 0
    (head,) = await deliveries.heads(connection, id, NOW + timedelta(hours=1), [], 10)
    assert (head.message_id, head.missed) == ("later", 2)


async def test_a_result_that_comes_late_changes_nothing(connection: asyncpg.Connection) -> None:
    id = await channel(connection)
    await put(connection, id, "a")
    (head,) = await deliveries.heads(connection, id, NOW, [], 1)
    await deliveries.sent(connection, head.id, NOW, 200, 1)
    await deliveries.failed(connection, head.id, 500, "e", 1, None)
    await deliveries.sent(connection, head.id, NOW, 299, 1)
    (line,) = await deliveries.log(connection, "f", id, 10)
    assert (line.state, line.last_status, line.attempts) == ("sent", 200, 1)
    assert await connection.fetchval("SELECT missed FROM delivery_lanes") == 0


async def test_old_lines_expire_and_what_waits_stays(connection: asyncpg.Connection) -> None:
    id = await channel(connection)
    await put(connection, id, "a", "b", "c")
    await connection.execute("UPDATE deliveries SET state = 'sent' WHERE lane <> 'a'")
    await deliveries.expire(connection, NOW, 10)
    assert await connection.fetchval("SELECT count(*) FROM deliveries") == 3
    await deliveries.expire(connection, NOW + timedelta(seconds=1), 1)
    assert await connection.fetchval("SELECT count(*) FROM deliveries") == 2
    await deliveries.expire(connection, NOW + timedelta(seconds=1), 10)
    assert await connection.fetchval("SELECT lane FROM deliveries") == "a"


@pytest.mark.parametrize("state", ["dead", "skipped"])
async def test_again_takes_the_newest_of_each_message(connection: asyncpg.Connection, state: str) -> None:
    id = await channel(connection)
    await deliveries.put(
        connection, [new(id, "a", "m1", state), new(id, "a", "m2", "sent"), new(id, "b", "m1", state)], NOW
    )

    async def again(*, sent: bool = False) -> list[tuple[str, str]]:
        found = await deliveries.again(connection, id, NOW, NOW + timedelta(seconds=1), 10, sent=sent)
        return [(one.lane, one.message_id) for one in found]

    assert await again() == [("a", "m1"), ("b", "m1")]
    assert await again(sent=True) == [("a", "m1"), ("a", "m2"), ("b", "m1")]
    await deliveries.put(connection, [new(id, "a", "m1", "sent")], NOW)
    assert await again() == [("b", "m1")]
    assert await deliveries.again(connection, id, NOW - timedelta(days=1), NOW, 10, sent=True) == []


@given(st.lists(st.sampled_from("abc"), min_size=1, max_size=12), st.lists(st.booleans(), max_size=30))
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
async def test_a_lane_is_sent_in_order_whatever_fails(
    connection: asyncpg.Connection, lanes: list[str], results: list[bool]
) -> None:
    id = await channel(connection)
    await put(connection, id, *lanes)
    now, order = NOW, dict[str, list[int]]()
    outcomes = iter(results)
    while found := await deliveries.heads(connection, id, now, [], 1):
        (head,) = found
        if next(outcomes, True):
            await deliveries.sent(connection, head.id, now, 200, 1)
            order.setdefault(head.lane, []).append(head.sequence)
        else:
            now += timedelta(seconds=1)
            await deliveries.failed(connection, head.id, 500, "e", 1, now)
    assert order == {lane: list(range(1, lanes.count(lane) + 1)) for lane in set(lanes)}
