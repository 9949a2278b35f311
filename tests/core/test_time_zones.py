from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from hub.core.time_zones import TimeZones, day


def test_a_fleet_has_its_own_zone_or_that_of_all() -> None:
    zones = TimeZones("Europe/Berlin, chicago=America/Chicago")
    assert (zones.of("chicago"), zones.of("other")) == ("America/Chicago", "Europe/Berlin")
    assert TimeZones("f=Asia/Tokyo").of("g") == "UTC"


@pytest.mark.parametrize("text", ["Mars/Base", "f=", "=UTC", "a b=UTC", "../UTC", "/etc/passwd"])
def test_what_is_not_a_zone_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a"):
        TimeZones(text)


def test_day() -> None:
    instant = datetime(2026, 11, 20, 0, 45, tzinfo=UTC)
    assert day(instant, "America/Chicago") == date(2026, 11, 19)
    assert day(instant, "UTC") == date(2026, 11, 20)
