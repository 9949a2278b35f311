"""Replay of recorded tracks against a real hub: every point is accounted for."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import asyncpg
import pytest
from click.testing import CliRunner
from rich.console import Console

from clients.replay.records import TrackError
from clients.replay.replay import replay
from hub.cli.main import cli
from tests.support.hub_process import HubProcess

START = datetime(2008, 10, 23, 2, 53, tzinfo=UTC)


def track(folder: Path, name: str, points: int, step: float = 1.0, *extra: str) -> Path:
    """A file of points ``step`` seconds apart that move north, with ``extra`` rows at its end."""
    path = folder / name
    rows = [f"{(START + timedelta(seconds=step * n)).isoformat()},{25 + n / 1e5:.6f},55.3,10.0" for n in range(points)]
    path.write_text("\n".join(["recorded_at,latitude,longitude,altitude_m", *rows, *extra]) + "\n")
    return path


async def rows(database_url: str, count: int) -> list[asyncpg.Record]:
    """The stored positions, once there are ``count``."""
    connection = await asyncpg.connect(database_url)
    try:
        async with asyncio.timeout(60):
            while await connection.fetchval("SELECT count(*) FROM positions") < count:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        return await connection.fetch("SELECT driver_id, recorded_at, altitude FROM positions ORDER BY 1, 2")
    finally:
        await connection.close()


async def test_as_fast_as_the_hub_takes_it(own_hub: HubProcess, database_url: str, tmp_path: Path) -> None:
    output = StringIO()
    paths = [
        track(tmp_path, "a.csv", 3_000),
        track(tmp_path, "b.csv", 2_000, 1.0, *(f"2008-10-23T04:00:00Z,{north},55.3,1" for north in ("x", 95, "y"))),
    ]
    for _ in range(2):  # again adds nothing
        figures = await replay(own_hub.url, paths, console=Console(file=output, width=200))
        assert (figures.points, figures.acked, figures.rejected, figures.bad) == (5_000, 5_000, 0, 3)
        stored = await rows(database_url, 5_000)
        assert len(stored) == 5_000
        assert [row["recorded_at"] for row in stored if row["driver_id"] == "a"] == [
            START + timedelta(seconds=n) for n in range(3_000)
        ]
    skipped, outside, last, *_ = output.getvalue().splitlines()
    assert skipped == f"2 skipped: the latitude is not a number (first: {paths[1]}:2002)"
    assert outside == f"1 skipped: the latitude is not between -90 and 90 degrees (first: {paths[1]}:2003)"
    assert last.startswith("5,000 points · 5,000 acked · 0 rejected · 3 bad rows · ")
    assert last.endswith(" points/s")


@pytest.mark.thorough
async def test_at_a_pace_with_times_shifted(own_hub: HubProcess, database_url: str, tmp_path: Path) -> None:
    begin, clock = datetime.now(UTC), time.monotonic()
    path = track(tmp_path, "a.csv", 11, step=60)
    await replay(own_hub.url, [path], factor=600, shift=True, console=Console(file=StringIO()))
    assert time.monotonic() - clock >= 1.0, "ten minutes at 600 times their pace"
    stored = await rows(database_url, 11)
    first = stored[0]["recorded_at"]
    assert begin <= first <= datetime.now(UTC)
    assert [row["recorded_at"] - first for row in stored] == [timedelta(seconds=0.1 * n) for n in range(11)]


@pytest.mark.thorough
async def test_at_a_pace_with_times_kept(own_hub: HubProcess, database_url: str, tmp_path: Path) -> None:
    clock = time.monotonic()
    await replay(own_hub.url, [track(tmp_path, "a.csv", 6, step=60)], factor=600, console=Console(file=StringIO()))
    assert time.monotonic() - clock >= 0.5
    assert [row["recorded_at"] for row in await rows(database_url, 6)] == [
        START + timedelta(minutes=n) for n in range(6)
    ]


async def test_a_hub_that_dies_under_it_costs_nothing(own_hub: HubProcess, database_url: str, tmp_path: Path) -> None:
    path = track(tmp_path, "a.csv", 60, step=1)
    running = asyncio.create_task(replay(own_hub.url, [path], factor=30, console=Console(file=StringIO())))
    await asyncio.sleep(0.5)
    await asyncio.to_thread(own_hub.kill)
    await asyncio.to_thread(own_hub.start)
    async with asyncio.timeout(60):
        figures = await running
    assert (figures.points, figures.acked) == (60, 60)
    assert len(await rows(database_url, 60)) == 60


@pytest.mark.parametrize(
    ("options", "reason"),
    [({"shift": True}, "shift: requires a factor"), ({"factor": 0}, "factor"), ({"factor": -2.0}, "factor")],
)
async def test_invalid_options_are_refused(options: dict, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        await replay("ws://localhost:1/ws", [], **options)


async def test_a_file_that_is_not_a_track_is_reported_before_anything_is_sent(hub: HubProcess, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("when,where\n")
    with pytest.raises(TrackError, match="no column for"):
        await replay(hub.url, [path], console=Console(file=StringIO()))


async def test_a_file_without_times_is_summed_up_and_fails(hub: HubProcess, tmp_path: Path) -> None:
    path = tmp_path / "bare.gpx"
    path.write_text("<gpx><trk><trkseg>" + '<trkpt lat="1" lon="2"/>\n' * 700 + "</trkseg></trk></gpx>")
    result = await asyncio.to_thread(CliRunner().invoke, cli, ["replay", "--url", hub.url, str(path)])
    assert result.exit_code == 1
    empty, skipped, last, error = result.output.splitlines()
    assert empty == f"{path}: no point was read"
    assert skipped == f"700 skipped: no time (first: {path}:1)"
    assert last.startswith("0 points · 0 acked · ")
    assert error == "Error: no point was stored"
