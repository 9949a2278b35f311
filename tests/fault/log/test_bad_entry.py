"""Entries that nobody should have written: they are kept as dead letters, and stop nothing."""

from __future__ import annotations

import msgspec
import pytest

from hub.settings import Settings
from tests.support.logbook import append, entry, fetch, position, recorded, recording


async def test_bad_entries_stop_nothing(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    good = [position(f"good{n}") for n in range(4)]
    north = position("north", latitude=90.5)
    nul = position("nul\0")
    async with recording(settings) as recorder:
        await recorded(
            settings,
            await append(
                settings,
                entry(good[0]),
                {b"@node": b"x", b"default": b"not JSON"},
                {b"\xff\xfe": b"[]", b"default": msgspec.json.encode([good[1], {"type": "location"}])},
                {b"nothing": b""},
                entry(north, good[2], nul),
                entry(position("far", recorded_at=position().recorded_at.replace(year=9999))),
                entry(good[3]),
            ),
        )
        assert recorder.progress.dead_letters == 6
        assert recorder.progress.retries == 0
    rows = await fetch(settings, "SELECT driver_id FROM positions ORDER BY 1")
    assert [row["driver_id"] for row in rows] == ["far", "good0", "good1", "good2", "good3"]
    letters = await fetch(settings, "SELECT fleet, payload FROM dead_letters ORDER BY payload")
    assert sorted((letter["fleet"] or "", letter["payload"]) for letter in letters) == sorted(
        [
            ("default", b"not JSON"),
            ("", b"[]"),
            ("default", b'{"type":"location"}'),
            ("nothing", b""),
            ("default", msgspec.json.encode(north)),
            ("default", msgspec.json.encode(nul)),
        ]
    )
    output = capsys.readouterr().out
    assert output.count("dead_letter ") == 6
    assert output.count("default_partition_used") == 1
