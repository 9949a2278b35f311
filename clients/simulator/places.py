"""What ``hub demo`` puts into an empty fleet: fences on the way of the trucks, rules, and a channel."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.error import HTTPError
from urllib.request import ProxyHandler, Request, build_opener

from clients.simulator.corridors import (
    BUSINESS_BAY,
    IBN_BATTUTA,
    JEBEL_ALI_GATE,
    MIDWAY_E66,
    RAS_AL_KHOR_E311,
    ROADS,
    Place,
)

TIMEOUT = 10.0
"""Seconds for one answer of the hub."""

PATIENCE = 120.0
"""Seconds that the database may take to start, on a slow machine."""

HEALTH = "/health"
"""Answers 503 with the same JSON while the log does not take positions."""

EVERY = 0.5
"""Seconds between two tries."""

LISTEN = "http://127.0.0.1:9000/"
"""Where ``hub listen`` listens by default."""

CHANNEL = "hub listen"
"""Name of the channel; its secret is made again at each start, since a secret is shown once."""

MANY = 115 / 3.6
"""Metres per second. In the first minute some five of 500 trucks drive faster for 15 s; none is above 122 km/h."""


class Shown(NamedTuple):
    """Numbers of the ``fences`` and ``rules`` that exist; ``secret`` of the channel, empty if a user deleted it."""

    fences: int
    rules: int
    secret: str


class Seeding(Exception):
    """The places could not be made; the message has the reason."""


class Ended(Seeding):
    """The hub accepts no connections any more."""


class Api:
    """The REST API of the hub at ``url``, with a token where the hub needs one."""

    def __init__(self, url: str, token: str | None) -> None:
        self._url = url
        self._headers = {"content-type": "application/json", "if-match": "*"}
        if token is not None:
            self._headers["authorization"] = f"Bearer {token}"
        # The hub is on this machine: a proxy of the environment would not reach it.
        self._opener = build_opener(ProxyHandler({}))

    def ask(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """The JSON of an answer. Raises ``Seeding``."""
        data = None if body is None else json.dumps(body).encode()
        request = Request(self._url + path, data, self._headers, method=method)
        try:
            with self._opener.open(request, timeout=TIMEOUT) as answer:
                return json.loads(answer.read() or b"null")
        except HTTPError as error:
            said = error.read()
            if path == HEALTH and error.code == 503:
                return json.loads(said)
            raise Seeding(f"{method} {path}: {error.code} {said[:300].decode(errors='replace')}") from error
        except OSError as error:
            refused = isinstance(getattr(error, "reason", error), ConnectionError)
            raise (Ended if refused else Seeding)(f"{method} {path}: {error}") from error

    def wait(self) -> None:
        """Wait until the hub has its database and its tables. Raises ``Seeding``."""
        deadline = time.monotonic() + PATIENCE
        while any(self.ask("GET", HEALTH)["checks"][part]["status"] != "ok" for part in ("database", "history")):
            if time.monotonic() > deadline:
                raise Seeding("the database has not started")
            time.sleep(EVERY)


def seed(url: str, token: str | None) -> Shown:
    """Make the places, the rules and the channel, unless the fleet has fences or rules already. Blocks; raises
    ``Seeding``."""
    api = Api(url, token)
    api.wait()
    fences = api.ask("GET", "/api/v1/fences?limit=1000")["fences"]
    rules = api.ask("GET", "/api/v1/rules?limit=1000")["rules"]
    channels = api.ask("GET", "/api/v1/channels?limit=1000")["channels"]
    if fences or rules:
        known = [channel["id"] for channel in channels if channel["name"] == CHANNEL and channel["kind"] == "webhook"]
        secret = api.ask("POST", f"/api/v1/channels/{known[0]}/secret")["secret"] if known else ""
        return Shown(len(fences), len(rules), secret)
    made = api.ask("POST", "/api/v1/channels", {"name": CHANNEL, "kind": "webhook", "config": {"url": LISTEN}})
    channel = made["channel"]["id"]
    # Without a receiver it would only fail.
    api.ask("PATCH", f"/api/v1/channels/{channel}", {"state": "paused"})
    ids = [api.ask("POST", "/api/v1/fences", fence)["fenceId"] for fence in FENCES]
    depots = [id for id, fence in zip(ids, FENCES, strict=True) if fence["category"] == "depot"]
    entered = {
        "name": "Truck at a depot",
        "kind": "fence.entered",
        "watch": {"fences": depots},
        "severity": "info",
        "channels": [channel],
        "tellResolved": False,
    }
    fast = {
        "name": "Faster than 115 km/h",
        "kind": "overspeed",
        "params": {"limit": MANY, "for": 15},
        "severity": "warning",
        "channels": [channel],
        "cooldown": 600,
    }
    for rule in (entered, fast):
        api.ask("POST", "/api/v1/rules", rule)
    return Shown(len(FENCES), 2, made["secret"])


def _pair(place: Place) -> list[float]:
    return [place[1], place[0]]


def _square(place: Place, half: float) -> dict[str, Any]:
    """``half`` degrees in each direction."""
    latitude, longitude = place
    corners = [(-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1)]
    return {"type": "Polygon", "coordinates": [[[longitude + x * half, latitude + y * half] for x, y in corners]]}


def _road(start: Place, end: Place) -> dict[str, Any]:
    """The stretch of the first road between two of its points."""
    points = ROADS[0].points
    stretch = points[points.index(start) : points.index(end) + 1]
    return {"type": "LineString", "coordinates": [_pair(place) for place in stretch]}


FENCES: list[dict[str, Any]] = [
    {
        "name": "Business Bay depot",
        "category": "depot",
        "colour": "#0b5fa5",
        "shape": {"type": "Point", "coordinates": _pair(BUSINESS_BAY)},
        "radius": 700,
    },
    {
        "name": "Ras Al Khor depot",
        "category": "depot",
        "colour": "#0b5fa5",
        "shape": {"type": "Point", "coordinates": _pair(RAS_AL_KHOR_E311)},
        "radius": 400,
    },
    {
        "name": "Midway junction",
        "category": "junction",
        "colour": "#7a4fbf",
        "shape": _square(MIDWAY_E66, 0.006),
        "rules": {"dwell": 300},
    },
    {
        "name": "Jebel Ali to Ibn Battuta",
        "category": "road",
        "colour": "#b85c00",
        "shape": _road(JEBEL_ALI_GATE, IBN_BATTUTA),
        "radius": 60,
    },
]
"""A circle, an area and a corridor. In the first minute, some seven of 500 trucks enter a depot, the first after five
seconds."""
