"""The state of the log, by memory and by the recorder's report."""

from __future__ import annotations

import pytest
from redis.asyncio import Redis

from hub.stores.redis.log import state as log_state
from hub.stores.redis.log.reader import LogReader
from hub.stores.redis.log.state import LogState
from hub.stores.redis.reports.recorder import recorder_report
from hub.wire.layout import ONE, Layout
from hub.wire.log import LOG_KEY, RECORDER_KEY


async def test_without_a_report_only_the_memory_is_known(redis: Redis) -> None:
    state = await log_state.read(redis, ONE)
    assert state == LogState(state.fill, None, None, None, stored=[{}])
    assert await recorder_report(redis, ONE) == {}


async def test_what_the_recorder_reports(redis: Redis, redis_url: str) -> None:
    reader = LogReader(redis_url, timeout=30)
    fields = {"lag_seconds": 1.5, "lost": 3, "damaged_at": 12.25, "problem": "p", "failing": "trips of 1 driver"}
    fields["stored"] = '{"node":7}'
    await reader.tell(RECORDER_KEY, fields, 100)
    state = await log_state.read(redis, ONE)
    words = {"problem": "p", "failing": "trips of 1 driver"}
    assert state == LogState(state.fill, lag=1.5, lost=3, damaged_at=12.25, **words, stored=[{"node": 7}])
    assert await recorder_report(redis, ONE) == {name: str(value) for name, value in fields.items()}
    assert 0 < await redis.ttl(RECORDER_KEY) <= 100
    await reader.tell(RECORDER_KEY, {"lost": 4}, 100)
    assert await recorder_report(redis, ONE) == {"lost": "4"}
    await reader.close()


async def test_an_invalid_report_is_as_none(redis: Redis) -> None:
    fields = dict.fromkeys(("lag_seconds", "lost", "damaged_at", "problem", "failing", "stored"), b"\xff{")
    await redis.hset(RECORDER_KEY, mapping=fields)  # type: ignore[arg-type, misc]
    state = await log_state.read(redis, ONE)
    assert state == LogState(state.fill, None, None, None, problem="\ufffd{", failing="\ufffd{", stored=[{}])
    assert await log_state.stored(redis) == {}


async def test_the_fill_is_a_part_of_the_limit(redis: Redis) -> None:
    limit = (await redis.config_get("maxmemory"))["maxmemory"]
    used = (await redis.info("memory"))["used_memory"]
    try:
        await redis.config_set("maxmemory", used * 4)
        assert (await log_state.read(redis, ONE)).fill == pytest.approx(0.25, abs=0.05)
        await redis.config_set("maxmemory", 0)
        assert (await log_state.read(redis, ONE)).fill == 0.0
    finally:
        await redis.config_set("maxmemory", limit)


async def test_the_size_of_the_log(redis: Redis) -> None:
    assert await log_state.size(redis, ONE) == (0, 0)
    for _ in range(3):
        await redis.xadd(LOG_KEY, {"f": b"x" * 10_000})
    entries, taken = await log_state.size(redis, ONE)
    assert entries == 3 and taken > 30_000


async def test_what_the_recorders_of_several_partitions_report_together(redis: Redis, redis_url: str) -> None:
    layout = Layout("id", 2)
    one, two = layout.partitions
    reader = LogReader(redis_url, timeout=30)
    fields = {"state": "recording", "lost": 3, "damaged_at": 12.25, "lag_seconds": 0.5, "rows": 7, "stored": "{}"}
    await reader.tell(one.recorder, {**fields, "reported_at": 100.5, "error": "", "offset": "1-0"}, 100)
    # A partition without a recorder: history is not whole.
    state = await log_state.read(redis, layout)
    assert (state.lag, state.lost, state.damaged_at) == (None, None, None)
    assert await recorder_report(redis, layout) == {}
    more = {"state": "retrying", "lost": 4, "lag_seconds": 9.5, "error": "OSError", "problem": "p", "failing": "trips"}
    await reader.tell(two.recorder, {**fields, **more, "reported_at": 90.5, "stored": '{"n":1}', "offset": "2-0"}, 100)
    state = await log_state.read(redis, layout)
    words = {"problem": "p", "failing": "trips"}
    assert state == LogState(state.fill, lag=9.5, lost=7, damaged_at=12.25, **words, stored=[{}, {"n": 1}])
    together = await recorder_report(redis, layout)
    assert together == {
        "state": "retrying", "lost": "7", "damaged_at": "12.25", "lag_seconds": "9.5", "rows": "14", "error": "OSError",
        "reported_at": "90.5", "problem": "p", "failing": "trips",
    }  # fmt: skip
    await redis.xadd(one.log, {"f": b"x"})
    await redis.xadd(two.log, {"f": b"x"})
    assert (await log_state.size(redis, layout))[0] == 2
    await reader.close()
