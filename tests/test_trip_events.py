"""A trip from the driver's socket through the log and PostgreSQL back to the dispatcher's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hub.settings import Settings
from tests.support.peers import Peer
from tests.support.running import served

FULL = "/ws?subscribe=none"


def drive(start: datetime) -> list[dict[str, object]]:
    """Ten minutes at 15 m/s north, then ten minutes of standing; a fix every ten seconds."""
    fixes: list[dict[str, object]] = []
    for number in range(120):
        metres = min(number, 60) * 150
        fixes.append(
            {
                "driverId": "truck",
                "latitude": 25 + metres / 111_195,
                "longitude": 55.0,
                "recordedAt": (start + timedelta(seconds=10 * number)).isoformat(),
                "msgNo": number,
            }
        )
    return fixes


def test_a_trip_is_announced_to_who_watches_the_driver(settings: Settings) -> None:
    start = datetime.now(UTC) - timedelta(minutes=30)
    with (
        served(settings) as hub,
        Peer(hub.address, FULL) as driver,
        Peer(hub.address, FULL) as screen,
        Peer(hub.address, FULL) as other,
    ):
        screen.say({"type": "subscribe", "id": "all", "all": True})
        other.say({"type": "subscribe", "id": "one", "drivers": ["another"]})
        fixes = drive(start)
        driver.say(fixes[:60])
        started = hear_trip(screen)
        driver.say(fixes[60:])
        ended = hear_trip(screen)
        heard = [event["type"] for event in other.hear_all() if event["type"] != "heartbeat"]
        assert heard == ["subscribed", "synced"]
    assert (started["event"], started["driverId"]) == ("started", "truck")
    assert (ended["event"], ended["tripId"]) == ("ended", started["tripId"])
    assert 8_900 < ended["distance"] < 9_100
    assert datetime.fromisoformat(ended["endedAt"]) - datetime.fromisoformat(ended["startedAt"]) == timedelta(
        minutes=10
    )


def hear_trip(screen: Peer) -> dict[str, object]:
    while (message := screen.hear())["type"] != "trip":
        pass
    return message
