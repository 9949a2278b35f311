"""Waits until a transaction is on replicas, too, so that a failover does not lose it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from redis.exceptions import RedisError, ResponseError

from hub.stores.redis.line import Command, Line, checked


class TooFewReplicas(RedisError):
    """A transaction is in Redis, but not on as many replicas as asked for. ``entry_id``: its entry in the log, None
    if it has none."""

    def __init__(self, entry_id: str | None, problem: str) -> None:
        super().__init__(problem)
        self.entry_id = entry_id


class Copies(NamedTuple):
    """``replicas``: number of replicas that need a transaction in their append-only files; 0 waits for none.
    ``patience``: seconds for an answer of Redis; a wait for replicas ends before."""

    replicas: int = 0
    patience: float = 1.0

    async def execute(self, line: Line, commands: Sequence[Command], has_entry: bool = False) -> list[Any]:
        """Run commands in one transaction, and return their answers. ``has_entry``: the first one appends to the log.

        WAIT goes before WAITAOF, in the same write: the first question to a replica comes before its fsync, and the
        answer to a second one right after it. WAITAOF alone is answered by the replica's timer, up to a second later.

        Raises ``TooFewReplicas``, or another one of ``UNAVAILABLE``; then the transaction may have been done."""
        limit = max(1, int(self.patience * 900))
        waits: tuple[Command, ...] = ()
        if self.replicas:
            waits = ("WAIT", self.replicas, limit), ("WAITAOF", 1, self.replicas, limit)
        answers = await line.ask(("MULTI",), *commands, ("EXEC",), *waits, waits=len(waits) * limit / 1000)
        done: list[Any] = checked(answers[: len(commands) + 2])[-1]
        if not self.replicas:
            return done
        entry_id = str(done[0], "ascii") if has_entry else None
        received, synced = answers[-2:]
        for answer in (received, synced):
            if isinstance(answer, ResponseError):
                raise TooFewReplicas(entry_id, f"Redis cannot wait for replicas: {answer}")
        if not synced[0]:
            raise TooFewReplicas(entry_id, "Redis did not sync its own append-only file in time")
        if synced[1] < self.replicas:
            raise TooFewReplicas(entry_id, f"{synced[1]} of {self.replicas} replicas have the log")
        return done


NO_COPIES = Copies()


def adding(log: str, fields: Mapping[str, bytes]) -> Command:
    """The command that appends an entry to the stream ``log``."""
    return "XADD", log, "*", *(word for pair in fields.items() for word in pair)


async def copied(line: Line, log: str, entry_id: str, node: bytes, mark: dict[str, bytes], copies: Copies) -> bool:
    """Wait again until the entry ``entry_id`` of the stream ``log`` is on the replicas. False if the stream lacks it:
    it was lost, or removed after the recorder stored it. ``node``: its first field. ``mark``: an entry that is appended
    behind it, because Redis waits for the last write of a connection.

    Raises ``TooFewReplicas`` or another one of ``UNAVAILABLE``."""
    commands = adding(log, mark), ("EVAL", _HAS, 1, log, entry_id, node)
    try:
        return bool((await copies.execute(line, commands, has_entry=True))[1])
    except TooFewReplicas as error:
        raise TooFewReplicas(entry_id, str(error)) from None


async def has(line: Line, log: str, entry_id: str, node: bytes) -> bool:
    """Whether the stream ``log`` has the entry ``entry_id`` with the first field ``node``. Raises one of
    ``UNAVAILABLE``."""
    return bool(checked(await line.ask(("EVAL", _HAS, 1, log, entry_id, node)))[0])


# A script, because the answer without it would hold the entry. After a failover another entry may have the same id.
_HAS = """
local entries = redis.call('XRANGE', KEYS[1], ARGV[1], ARGV[1])
return entries[1] and entries[1][2][2] == ARGV[2] and 1 or 0
"""
