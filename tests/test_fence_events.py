"""A fence by the API, a driver that passes it, and the event at a socket; through every part of the hub."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hub.settings import Settings
from tests.support.api.calls import get, post
from tests.support.fence_shapes import circle, moved
from tests.support.peers import Peer
from tests.support.running import served, until

FULL = "/ws?subscribe=none"


def fixes(start: datetime, first: int, last: int) -> list[dict[str, Any]]:
    """Driving east at 10 m/s, through ``PLACE`` after 100 seconds."""
    found = []
    for second in range(first, last, 5):
        latitude, longitude = moved((second - 100) * 10, 0)
        at = (start + timedelta(seconds=second)).isoformat()
        found.append({"driverId": "d", "latitude": latitude, "longitude": longitude, "recordedAt": at, "msgNo": second})
    return found


def test_a_fence_is_drawn_and_entered(settings: Settings) -> None:
    with served(settings) as hub, Peer(hub.address, FULL) as driver, Peer(hub.address, FULL) as screen:
        # Until the schema is there.
        made: list[Any] = []
        until(lambda: made.append(post(hub, "/api/v1/fences", FENCE)) or made[-1].status == 201)
        fence = made[-1].json["fenceId"]
        screen.say({"type": "subscribe", "id": "all", "all": True, "fences": [fence]})
        start = datetime.now(UTC)
        driver.say(fixes(start, 0, 60))  # 400 m before the middle, in the future by up to a minute: live
        driver.say(fixes(start, 60, 120))
        entered = hear(screen, "fence")
        assert (entered["event"], entered["fenceId"], entered["driverId"]) == ("entered", fence, "d")
        at = datetime.fromisoformat(entered["at"])
        assert abs((at - start).total_seconds() - 90) < 0.1
        until(lambda: len(get(hub, f"/api/v1/fences/{fence}/drivers").json["visits"]) == 1)
        with Peer(hub.address, FULL) as late:
            late.say({"type": "subscribe", "id": "d", "drivers": ["d"], "fences": True})
            state = hear(late, "fences")
            assert (state["driverId"], state["inside"]) == ("d", [[fence, entered["enteredAt"]]])
        driver.say(fixes(start, 120, 200))
        exited = hear(screen, "fence")
        assert (exited["event"], exited["visitId"]) == ("exited", entered["visitId"])
        assert abs(exited["duration"] - 20) < 0.1
        assert get(hub, f"/api/v1/fences/{fence}/drivers").json["visits"] == []


FENCE = {"name": "gate", "shape": circle(), "radius": 100}


def hear(peer: Peer, kind: str) -> dict[str, Any]:
    while (message := peer.hear())["type"] != kind:
        pass
    return dict(message)
