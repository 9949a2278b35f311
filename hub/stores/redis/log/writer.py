"""Writes the log: one transaction for each batch, with its entry and the latest positions."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, NamedTuple

from redis.asyncio import Redis

from hub.core.live.unlogged import Batch
from hub.core.live.update import Update
from hub.stores.redis.line import Command, Line, checked
from hub.stores.redis.log.replicas import NO_COPIES, Copies, adding, copied, has
from hub.wire.frames import text_of
from hub.wire.layout import ONLY, Layout, Partition
from hub.wire.log import decode_entry, encode_again, encode_entry, encode_whole, numbers

# Another hub may have written a newer position, which stays. ``receivedAt`` comes before ``attributes``, in which a
# device may write anything.
_REMOVE = """
local position = redis.call('HGET', KEYS[1], ARGV[1])
local received = position and string.match(position, '"receivedAt":"([^"]*)Z"')
if received and received <= ARGV[2] then
    redis.call('HDEL', KEYS[1], ARGV[1])
end
return 0
"""


# Texts of instants without the final Z sort as the instants do. A position by another clock is left alone: the driver's
# next one replaces it.
_RESTORE = """
local function of(position)
    return string.match(position, '"recordedAt":"([^"]*)Z"'), string.match(position, '"clockOffset":([^,}]*)')
end
local stored = redis.call('HGET', KEYS[1], ARGV[1])
local at, clock = of(stored or '')
local newer, same = of(ARGV[2])
if not stored or (at and newer and clock == same and at < newer) then
    redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
end
return 0
"""


async def append(
    line: Line,
    node: str,
    batch: Batch,
    before: int,
    copies: Copies = NO_COPIES,
    partition: Partition = ONLY,
    *,
    again: bool = False,
) -> str | None:
    """Append a batch to a partition of the log, and replace and delete latest positions. On return it is as durable as
    Redis is configured to make it, also on the replicas of ``copies``. ``before``: the number of positions that
    ``node`` appended there in earlier batches. ``again``: it was in the log before, and newer latest positions that are
    stored stay. Returns the id of the entry, None if the batch needs none.

    All keys of the transaction are of the partition, so a Redis Cluster takes it.

    Raises ``TooFewReplicas``, or another one of ``UNAVAILABLE``; then the batch may or may not be in the log, and
    has to be appended again: positions have identity, so PostgreSQL stores each once."""
    commands: list[Command] = []
    if has_entry(batch):
        commands.append(adding(partition.log, encode_entry(node, batch.payloads, before, batch.size)))
    for fleet, latest in batch.latest.items():
        if not latest or again:
            continue
        commands.append(("SADD", partition.fleets, fleet))
        items = [x for driver_id, (_, payload) in latest.items() for x in (driver_id, payload)]
        commands.append(("HSET", partition.latest(fleet), *items))
    for fleet, restored in (_all(batch) if again else batch.restored).items():
        commands.append(("SADD", partition.fleets, fleet))
        for driver_id, update in restored.items():
            commands.append(("EVAL", _RESTORE, 1, partition.latest(fleet), driver_id, text_of(update.frame)))
    # At the end: what is removed must not come back by a position that was to be restored before.
    for fleet, removed in batch.removed.items():
        for driver_id, until in removed.items():
            commands.append(("EVAL", _REMOVE, 1, partition.latest(fleet), driver_id, written(until)))
    answers = await copies.execute(line, commands, has_entry(batch))
    return str(answers[0], "ascii") if has_entry(batch) else None


def _all(batch: Batch) -> dict[str, dict[str, Update]]:
    """The latest positions of a batch, as those to be restored."""
    return {
        fleet: {driver_id: update for driver_id, (update, _) in latest.items()}
        for fleet, latest in batch.latest.items()
    }


async def is_copied(
    line: Line, node: str, batch: Batch, before: int, entry_id: str, copies: Copies, partition: Partition = ONLY
) -> bool:
    """Wait again until the entry of a batch is on the replicas of ``copies``. False if the log does not have it.

    Raises ``TooFewReplicas``, or another one of ``UNAVAILABLE``."""
    mark = encode_entry(node, {}, before)
    return await copied(line, partition.log, entry_id, numbers(node, before, batch.size), mark, copies)


async def is_there(line: Line, node: str, batch: Batch, before: int, entry_id: str, log: str = ONLY.log) -> bool:
    """Whether the log has the entry of a batch. Raises one of ``UNAVAILABLE``."""
    return await has(line, log, entry_id, numbers(node, before, batch.size))


async def append_whole(line: Line, node: str, before: int, log: str = ONLY.log) -> None:
    """Append the entry that says that ``node`` has appended everything again. Raises one of ``UNAVAILABLE``."""
    checked(await line.ask(adding(log, encode_whole(node, before))))


class Again(NamedTuple):
    """Where a dead letter is in the log now."""

    log: str
    entry_id: str


async def append_again(redis: Redis, layout: Layout, fleet: str, payload: bytes) -> Again:
    """Append a dead letter of a fleet to the log. Raises ``BadEntry`` and one of ``UNAVAILABLE``."""
    fields = encode_again(fleet, payload)
    _, fleets = decode_entry({name.encode(): value for name, value in fields.items()})
    # What was in one entry is of one partition.
    log = layout.of(fleet, fleets[fleet][0].driver_id if fleets[fleet] else "").log
    entry_id: Any = await redis.xadd(log, fields)  # type: ignore[arg-type]
    return Again(log, str(entry_id, "ascii"))


def has_entry(batch: Batch) -> bool:
    """Whether a batch makes an entry in the log. One without anything does: it marks what came before."""
    return bool(batch.size) or not (batch.removed or batch.restored)


def written(instant: datetime) -> str:
    """An instant as in a position, without the final Z: such texts sort as the instants do."""
    return instant.astimezone(UTC).isoformat().removesuffix("+00:00")
