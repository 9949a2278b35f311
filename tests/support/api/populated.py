"""A fleet in which there is something of everything, each of it marked; and the addresses of the API's paths in it."""

from __future__ import annotations

import asyncio
import re
from typing import Any, NamedTuple
from urllib.parse import urlencode
from uuid import UUID, uuid4

from hub.stores.seal import seal_of
from hub.stores.unsubscribing import token as mailbox_token
from tests.identity.test_tokens import token
from tests.support.api.calls import call
from tests.support.api.fleets import execute, fetch
from tests.support.jpeg import jpeg
from tests.support.running import Edge

DAY = "2026-10-05"

FILL = """
INSERT INTO positions (recorded_at, received_at, latitude_e7, longitude_e7, fleet, driver_id, attributes)
SELECT timestamptz '{day} 08:00Z' + k * interval '10 s', now(), 250000000 + k, 550000000, '{fleet}', driver,
    '{{"mark":"{mark}"}}'
FROM generate_series(0, 9) AS k, (VALUES ('d'), ('only-{fleet}')) AS v (driver);
INSERT INTO trips (id, started_at, ended_at, counted_to, latitude, longitude, end_latitude, end_longitude, distance,
    moving_time, max_speed, points, fleet, driver_id, path)
SELECT CASE WHEN k = 0 THEN '{trip}'::uuid ELSE gen_random_uuid() END, timestamptz '{day} 08:00Z' + k * interval '1 h',
    timestamptz '{day} 08:10Z' + k * interval '1 h', timestamptz '{day} 08:10Z' + k * interval '1 h', 25, 55, 25, 55,
    6000, 540, 20, 60, '{fleet}', 'd', '_p~iF~ps|U{mark}' FROM generate_series(0, 1) AS k;
INSERT INTO stops (started_at, ended_at, latitude, longitude, fleet, driver_id)
SELECT timestamptz '{day} 09:00Z' + k * interval '1 h', timestamptz '{day} 09:30Z' + k * interval '1 h', 25, 55,
    '{fleet}', 'only-{fleet}' FROM generate_series(0, 1) AS k;
INSERT INTO daily (fleet, driver_id, day, trips, distance, duration, moving_time, max_speed)
SELECT '{fleet}', driver, date '{day}' - k, 2, 9000, 900, 840, 20
FROM generate_series(0, 1) AS k, (VALUES ('d'), ('only-{fleet}')) AS v (driver);
INSERT INTO visits (id, entered_at, last_inside_at, distance, points, fence_version, fence_id, fleet, driver_id, cause)
SELECT gen_random_uuid(), timestamptz '{day} 08:00Z' + k * interval '1 h',
    timestamptz '{day} 08:30Z' + k * interval '1 h', 100, 9, 1, '{fence}', '{fleet}', driver, 'crossed'
FROM generate_series(0, 1) AS k, (VALUES ('d'), ('only-{fleet}')) AS v (driver);
INSERT INTO crossings (entered_at, exited_at, fence_version, fence_id, fleet, driver_id)
SELECT timestamptz '{day} 08:00Z' + k * interval '1 h', timestamptz '{day} 08:01Z' + k * interval '1 h', 1, '{fence}',
    '{fleet}', driver
FROM generate_series(0, 1) AS k, (VALUES ('d'), ('only-{fleet}')) AS v (driver);
INSERT INTO alerts (id, fleet, rule_id, driver_id, episode, state, at, noticed_at, data)
SELECT CASE WHEN k = 0 THEN '{alert}'::uuid ELSE gen_random_uuid() END, '{fleet}', gen_random_uuid(), 'd', 'e' || k,
    'open', timestamptz '{day} 09:00Z', timestamptz '{day} 09:00Z',
    '{{"kind":"alarm","title":"{mark} alert","text":"x","severity":"info","details":{{}}}}'
FROM generate_series(0, 1) AS k;
INSERT INTO quarantine (id, fleet, received_at, dialect, code, detail, points, path, query, coding, body)
VALUES ('{payload}', '{fleet}', now(), 'osmand', 'invalid', '{mark} detail', 1, '/osmand', 'id=d&lat=x', '', '{mark}');
INSERT INTO dead_letters (entry_id, fleet, reason, payload)
SELECT '1-' || k, '{fleet}', '{mark} reason', '{mark}' FROM generate_series(0, 1) AS k;
INSERT INTO erasures (id, fleet, driver_id, until, history) VALUES ('{erasure}', '{fleet}', 'of-{fleet}', now(), true);
INSERT INTO audit (happened_at, fleet, actor_kind, actor_id, action, kind, subject_id, details)
SELECT timestamptz '{day} 09:00Z' + k * interval '1 h', '{fleet}', 'token', '{mark}', 'driver.changed', 'driver', 'd',
    '{{}}'
FROM generate_series(0, 1) AS k;
"""

QUERY = {
    "latitude": "25",
    "longitude": "55",
    "q": "secret",
    "bbox": "54.9,24.9,55.1,25.1",
    "from": f"{DAY}T00:00:00Z",
    "to": f"{DAY}T23:00:00Z",
}
"""Parameters that a path needs, or without which it speaks of today; days where the whole is of days."""


BROWSER_KEYS = {
    # The example of RFC 8291, section 5.
    "p256dh": "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
    "auth": "BTBZMqHH6r4Tts7J_aSIgg",
}


class Fleet(NamedTuple):
    """``admin``, ``gateway``: tokens. ``ids``: parameters of paths by name; ``others``: the same where two fleets have
    some ids in common, of what only this one has. ``marks``: texts that stand in its answers and in nobody else's."""

    id: str
    admin: str
    gateway: str
    ids: dict[str, str]
    others: dict[str, str]
    marks: list[str]


def populate(hub: Edge, fleet: str) -> Fleet:
    """Enter a fleet by the API, and its past into the database."""
    admin, gateway = token(role="admin", fleet=fleet), token(role="gateway", fleet=fleet)
    mark, only = f"secret-{fleet}", f"only-{fleet}"
    trip, payload, alert, erasure = (uuid4() for _ in range(4))

    def made(path: str, body: Any, status: int = 201) -> Any:
        answer = call(hub, "POST", path, body, token=admin if status == 201 else gateway)
        assert answer.status == status, answer.body
        return answer.json

    for driver in ("d", only):
        made(
            "/api/v1/fleet/drivers",
            {"driverId": driver, "name": f"{mark} name", "phone": f"{mark}-phone", "groups": [mark]},
        )
        van = {"vehicleId": driver, "name": f"{mark} van", "driverId": driver, "assignedAt": f"{DAY}T00:00:00Z"}
        made("/api/v1/fleet/vehicles", van)
    one = "/api/v1/fleet/drivers/d"
    assert call(hub, "PATCH", f"{one}/profile", {"notes": f"{mark} notes"}, {"if-match": "*"}, admin).status == 200
    photo = jpeg(data=mark.encode())
    assert call(hub, "PUT", f"{one}/photo", photo, {"content-type": "image/jpeg"}, admin).status == 200
    circle = {"type": "Point", "coordinates": [55, 25]}
    fences = [
        made("/api/v1/fences", {"name": f"{mark} fence {k}", "shape": circle, "radius": 50})["fenceId"]
        for k in range(2)
    ]
    of_d = made("/api/v1/fleet/drivers/d/tokens", {"label": f"{mark} label"})
    phone = made(f"/api/v1/fleet/drivers/{only}/tokens", {"label": f"{mark} label"})
    shares = [made("/api/v1/shares", {"driverId": "d", "label": f"{mark} share", "hours": 2}) for _ in range(2)]
    cars = made("/api/v1/shares", {"kind": "nearby", "label": f"{mark} cars", "hours": 2})
    several = made(
        "/api/v1/shares", {"kind": "group", "group": mark, "label": f"{mark} vans", "hours": 2, "names": True}
    )
    users = [made("/api/v1/users", {"username": f"{mark}-{k}", "role": "dispatcher"})["user"] for k in range(2)]
    new = {"name": f"{mark} channel", "kind": "webhook", "config": {"url": "https://receiver.example/"}}
    channels = [made("/api/v1/channels", new)["channel"] for _ in range(2)]
    rules = [made("/api/v1/rules", {"name": f"{mark} rule", "kind": "offline"}) for _ in range(2)]
    for _ in range(2):
        # Without a notifier, tests wait.
        assert call(hub, "POST", f"/api/v1/channels/{channels[0]['id']}/test", token=admin).status == 200
    mail = made("/api/v1/channels", {"name": f"{mark} mail", "kind": "email", "config": {"to": ["a@b.example"]}})[
        "channel"
    ]
    daily = {"name": f"{mark} report", "kind": "trips", "channels": [mail["id"]]}
    schedules = [made("/api/v1/report-schedules", daily) for _ in range(2)]
    push = made("/api/v1/channels", {"name": f"{mark} push", "kind": "webpush"})["channel"]
    browser = {"endpoint": f"https://push.example/{mark}", "keys": BROWSER_KEYS}
    browsers = made(f"/api/v1/channels/{push['id']}/subscriptions", browser)
    fixes = [
        {"latitude": 25, "longitude": 55, "driverId": driver, "attributes": {"mark": mark}} for driver in ("d", only)
    ]
    made("/api/v1/location", fixes, 200)
    places = [made("/api/v1/places", {"name": f"{mark} place {k}", "latitude": 25, "longitude": 55}) for k in range(2)]
    parcel = {"kind": "delivery", "latitude": 25, "longitude": 55, "address": f"{mark} street"}
    jobs = [made("/api/v1/jobs", parcel) for _ in range(2)]
    cancelled = {"command": "cancel", "commandId": "1", "reason": f"{mark} reason"}
    said = call(hub, "POST", f"/api/v1/jobs/{jobs[0]['jobId']}/commands", cancelled, {"if-match": "*"}, admin)
    assert said.status == 200, said.body
    routes = [made("/api/v1/routes", {"driverId": driver, "day": DAY}) for driver in ("d", only)]
    keys = [made("/api/v1/keys", {"name": f"{mark} key", "role": "gateway"}) for _ in range(2)]
    named = {"trip": trip, "payload": payload, "fence": fences[0], "alert": alert, "erasure": erasure}
    filled = FILL.format(fleet=fleet, day=DAY, mark=mark, **named)
    asyncio.run(execute(hub.settings.database_url, filled))
    planned = f"INSERT INTO plans (fleet, engine, seconds, made_of) VALUES ('{fleet}', 'own', 9, $1) RETURNING id::text"
    plan = fetch(hub, planned, '{"routes": {}, "jobs": {}}')[0][0]
    letter = fetch(hub, f"SELECT max(id) FROM dead_letters WHERE fleet = '{fleet}'")[0][0]
    ids = {
        "driverId": "d",
        "vehicleId": "d",
        "group": mark,
        "tripId": str(trip),
        "tokenId": of_d["id"],
        "shareId": shares[0]["id"],
        "userId": users[0]["userId"],
        "token": shares[0]["token"],
        "carsToken": cars["token"],
        "driversToken": several["token"],
        "mailboxToken": mailbox_token(seal_of(hub.settings), UUID(mail["id"]), "a@b.example"),
        "payloadId": str(payload),
        "letterId": str(letter),
        "keyId": keys[0]["id"],
        "fenceId": fences[0],
        "channelId": channels[0]["id"],
        "ruleId": rules[0]["id"],
        "alertId": str(alert),
        "subscriptionId": browsers["subscriptionId"],
        "erasureId": str(erasure),
        "report": "trips",
        "scheduleId": schedules[0]["id"],
        "placeId": places[0]["placeId"],
        "jobId": jobs[0]["jobId"],
        "routeId": routes[1]["routeId"],
        "planId": plan,
    }
    # Every fleet has the same reports.
    others = ids | {"driverId": only, "vehicleId": only, "tokenId": phone["id"], "report": "unknown"}
    unique = [
        value
        for name, value in others.items()
        if name not in ("token", "carsToken", "driversToken", "mailboxToken", "letterId", "report")
    ]
    return Fleet(fleet, admin, gateway, ids, others, [mark, *unique])


def address(path: str, operation: Any, ids: dict[str, str], **more: str) -> str:
    """A path of the document with its parameters: those of ``ids``, the query's that it needs, and ``more``."""
    query = {}
    for parameter in operation.get("parameters", ()):
        name = parameter["name"]
        if parameter["in"] == "query" and (parameter["required"] or name in ("from", "to")):
            short = parameter["schema"].get("format") == "date"
            query[name] = QUERY[name][:10] if short else QUERY[name]
    filled = re.sub(r"\{(\w+)\}", lambda match: ids[match[1]], path)
    query |= more
    return f"{filled}?{urlencode(query)}" if query else filled


def takes(operation: Any, name: str) -> bool:
    """Whether an operation has a parameter."""
    return any(parameter["name"] == name for parameter in operation.get("parameters", ()))
