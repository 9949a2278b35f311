"""The port of a recorder that runs by itself: alive, ready, and its metrics."""

from __future__ import annotations

import asyncio
import sys
from typing import NamedTuple

import msgspec
from prometheus_client.parser import text_string_to_metric_families

from hub.environment import environment
from hub.recorder.__main__ import Process
from hub.recorder.health import serving
from hub.recorder.shares import Recorders
from hub.settings import Settings
from tests.recorder.test_shares import LAYOUT
from tests.support.api.calls import Answer, get
from tests.support.logbook import recording, until


class Place(NamedTuple):
    address: tuple[str, int]


async def ask(port: int, path: str, token: str = "", **headers: str) -> Answer:
    return await asyncio.to_thread(get, Place(("127.0.0.1", port)), path, token, **headers)


async def ready(port: int) -> bool:
    return (await ask(port, "/readyz")).status == 200


async def figures(port: int, token: str = "") -> dict[str, float]:
    answer = await ask(port, "/metrics", token)
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    return {
        sample.name: sample.value
        for family in text_string_to_metric_families(answer.body.decode())
        for sample in family.samples
    }


async def test_one_records_and_one_stands_by_and_both_are_ready(settings: Settings) -> None:
    async with recording(settings) as one, serving(settings, Process(one), 0) as first:
        await until(lambda: ready(first))
        async with recording(settings) as other, serving(settings, Process(other), 0) as second:
            await until(lambda: ready(second))
            assert (await figures(first))["hub_recorder_partitions"] == 1
            assert (await figures(second))["hub_recorder_partitions"] == 0
            assert (await figures(first))["process_resident_memory_bytes"] > 1e6


async def test_a_recorder_without_postgresql_lives_and_is_not_ready(settings: Settings) -> None:
    away = msgspec.structs.replace(settings, database_url="postgresql://hub@127.0.0.1:1/hub")
    async with recording(away) as recorder, serving(away, Process(recorder), 0) as port:

        async def retries() -> bool:
            return recorder.progress.retries > 0

        await until(retries)
        answer = await ask(port, "/readyz")
        assert (answer.status, answer.body) == (503, b"hub:log: retrying: ConnectionRefusedError\n")
        assert (await ask(port, "/livez")).body == b"ok\n"
        assert (await figures(port))["hub_recorder_partitions"] == 0


async def test_partitions_of_a_process_are_counted(settings: Settings) -> None:
    recorders = Recorders(settings, LAYOUT)
    assert recorders.problems() == ["starting"]
    async with serving(settings, Process(recorders), 0) as port:
        running = asyncio.create_task(recorders.run())

        async def all_of_them() -> bool:
            return (await figures(port))["hub_recorder_partitions"] == len(LAYOUT.partitions)

        await until(all_of_them)
        assert await ready(port)
        recorders.stop()
        await running


async def test_metrics_need_the_token_or_this_machine(settings: Settings) -> None:
    recorders = Recorders(settings, LAYOUT)
    async with serving(settings, Process(recorders), 0) as port:
        assert (await ask(port, "/metrics")).status == 200
        assert (await ask(port, "/metrics", **{"x-forwarded-for": "10.0.0.1"})).status == 404
    guarded = msgspec.structs.replace(settings, metrics_token="a token for metrics")
    async with serving(guarded, Process(recorders), 0) as port:
        assert (await ask(port, "/metrics")).status == (await ask(port, "/metrics", "another")).status == 401
        assert "hub_build_info" in await figures(port, "a token for metrics")


async def test_the_command_serves_it(settings: Settings) -> None:
    given = msgspec.structs.replace(settings, log_format="json")
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "hub", "record", "--port", "0"),
        stderr=asyncio.subprocess.PIPE,
        env=environment(given),
    )
    assert process.stderr is not None
    try:
        async for line in process.stderr:
            if b'"recorder_listening"' in line:
                break
        said = msgspec.json.decode(line)
        assert said["process"] == "recorder"
        port = said["port"]
        assert (await ask(port, "/livez")).status == 200
        await until(lambda: ready(port))
        process.terminate()
        assert await process.wait() == 0
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
