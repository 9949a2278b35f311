"""A job by the API, a driver that arrives at it, and the messages at sockets; through every part of the hub."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from hub.settings import Settings
from tests.identity.test_tokens import SECRET
from tests.support.api.calls import get, post
from tests.support.api.fleets import DISPATCHER, DRIVER
from tests.support.api.job_books import JOBS, ROUTES, act, chosen, command
from tests.support.fence_books import PLACE, moved
from tests.support.peers import Peer
from tests.support.running import served, until


def hear(peer: Peer, kind: str) -> dict[str, Any]:
    while (message := peer.hear())["type"] != kind:
        pass
    return dict(message)


def fix(at: datetime, metres: float) -> dict[str, Any]:
    latitude, longitude = moved(metres, 0)
    return {"latitude": latitude, "longitude": longitude, "recordedAt": at.isoformat(), "speed": 0, "msgNo": 1}


def test_a_driver_is_told_of_its_route_and_arrives(settings: Settings) -> None:
    guarded = msgspec.structs.replace(settings, jwt_secret=SECRET)
    bearer = [f"Authorization: Bearer {DISPATCHER}"]
    with (
        served(guarded) as hub,
        Peer(hub.address, headers=[f"Authorization: Bearer {DRIVER}"]) as driver,
        Peer(hub.address, headers=bearer) as screen,
    ):
        where = {"kind": "delivery", "latitude": PLACE[0], "longitude": PLACE[1]}
        made: list[Any] = []
        # Until the schema is there.
        until(lambda: made.append(post(hub, JOBS, where, DISPATCHER)) or made[-1].status == 201)
        job = made[-1].json
        start = datetime.now(UTC)
        route = post(hub, ROUTES, {"driverId": "d", "day": start.date().isoformat()}, DISPATCHER).json
        screen.say({"type": "subscribe", "id": "d", "drivers": ["d"]})
        hear(screen, "synced")
        driver.say([fix(start, 3_000)])
        hear(screen, "location")
        route = act(hub, route, "assign", {"jobs": chosen(job)}).json
        route = act(hub, route, "publish").json
        for peer in (driver, screen):
            told = hear(peer, "route")
            assert (told["routeId"], told["state"], told["version"]) == (
                route["routeId"],
                "published",
                route["version"],
            )
        seen = get(hub, f"/api/v1/me/route?day={route['day']}", DRIVER).json
        assert [one["status"] for one in seen["waypoints"]] == ["dispatched"]
        assert command(hub, job, "accept", token=DRIVER).status == 200
        told = hear(screen, "job")
        while told["status"] != "accepted":
            told = hear(screen, "job")
        assert (told["event"], told["command"], told["source"]) == ("status", "accept", "person")
        now = datetime.now(UTC)
        driver.say([fix(now, 0)])
        approaching, arrived = hear(screen, "job"), hear(screen, "job")
        assert (approaching["event"], arrived["event"]) == ("approaching", "arrived")
        assert arrived["status"] == "arrived" and datetime.fromisoformat(arrived["at"]) == now
        driver.say([fix(now + timedelta(seconds=5), 2_000), fix(now + timedelta(seconds=66), 2_000)])
        departed = hear(screen, "job")
        assert (departed["event"], departed["status"]) == ("departed", "en_route")
        found = get(hub, f"{JOBS}/{job['jobId']}", DISPATCHER).json
        assert (found["arrivedAt"], found["departedAt"]) == (arrived["at"], departed["at"])
        assert command(hub, job, "complete", token=DRIVER).json["status"] == "done"
        assert hear(driver, "route")["state"] in ("active", "done")
