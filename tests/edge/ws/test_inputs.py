"""What a client may send and what it may not: each rule on input, with the message written out and the answer to it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.support.live.transcripts import converse, silent
from tests.support.peers import Peer
from tests.support.running import Edge, until

SETTINGS = {"max_errors": 10_000, "max_control_rate": 10_000}

NESTED = '{"latitude":1,"longitude":2,"driverId":"deep","msgNo":7,"deep":' + "[" * 30_000 + "]" * 30_000 + "}"
DIGITS = "9" * 5_000


@pytest.fixture(scope="module")
def driver(hub: Edge) -> Iterator[Peer]:
    with Peer(hub.address, "/ws?subscribe=none") as peer:
        yield peer


@pytest.fixture(scope="module")
def screen(hub: Edge) -> Iterator[Peer]:
    with Peer(hub.address) as peer:
        yield peer


def logged(hub: Edge) -> int:
    """How many positions are in the log, once none is waiting."""
    until(lambda: hub.node.unlogged.size == 0)
    return hub.appender.positions


def state(hub: Edge) -> Any:
    """Everything that an accepted message would change."""
    node = hub.node
    return hub.call(
        lambda: (
            node.hub.seq,
            {fleet.id: (len(fleet.latest), dict(fleet.heard)) for fleet in node.hub.fleets.values()},
            node.unlogged.size,
            [client.subscriptions for client in node.hub.clients.values()],
        )
    )


# Each row: the message, then the code, the field and the msgNo of the answer.
REFUSED: list[tuple[str, str, str | None, int | None]] = [
    # Not a message at all.
    ("", "malformed", None, None),
    ("   ", "malformed", None, None),
    ("hello", "malformed", None, None),
    ("null", "malformed", None, None),
    ("12", "malformed", None, None),
    ('"text"', "malformed", None, None),
    ('{"latitude":1,"longitude":2,"driverId":"d"}{}', "malformed", None, None),
    ('{"latitude":1,"longitude":2,"driverId":"d"', "malformed", None, None),
    ('{"latitude":1,"longitude":2,"driverId":"d"} x', "malformed", None, None),
    ("{'latitude':1}", "malformed", None, None),
    ('\ufeff{"latitude":1,"longitude":2,"driverId":"d"}', "malformed", None, None),
    ("[[]]", "malformed", None, None),
    ("[1]", "malformed", None, None),
    ("[null]", "malformed", None, None),
    ('[{"latitude":1,"longitude":2,"driverId":"d"', "malformed", None, None),
    ("[" * 60_000, "malformed", None, None),
    # What JSON does not have.
    ('{"latitude":NaN,"longitude":2,"driverId":"d"}', "malformed", None, None),
    ('{"latitude":Infinity,"longitude":2,"driverId":"d"}', "malformed", None, None),
    ('{"latitude":1,"longitude":-Infinity,"driverId":"d"}', "malformed", None, None),
    ('{"latitude":1,"longitude":2,"driverId":"d","speed":NaN}', "malformed", None, None),
    ('{"latitude":1,"longitude":2,"driverId":"d","attributes":{"a":NaN}}', "malformed", None, None),
    ('{"latitude":01,"longitude":2,"driverId":"d"}', "malformed", None, None),
    ('{"latitude":+1,"longitude":2,"driverId":"d"}', "malformed", None, None),
    ('{"latitude":1,"longitude":2,"driverId":"d","attributes":{"a":"\x01"}}', "malformed", None, None),
    ('{"latitude":1,"longitude":2,"driverId":"d","attributes":{"a":"\\x41"}}', "malformed", None, None),
    ('{"latitude":1,"longitude":2,"driverId":"d","attributes":{"a":"\\ud800"}}', "malformed", None, None),
    ('{"latitude":1,"longitude":2,"driverId":"d","\\udfff":1}', "malformed", None, None),
    ('{"latitude":1,"longitude":2,"driverId":"d",}', "malformed", None, None),
    # Places.
    ('{"longitude":2,"driverId":"d","msgNo":1}', "invalid", "latitude", 1),
    ('{"latitude":1,"driverId":"d","msgNo":2}', "invalid", "longitude", 2),
    ('{"latitude":null,"longitude":2,"driverId":"d","msgNo":3}', "invalid", "latitude", 3),
    ('{"latitude":"1","longitude":2,"driverId":"d","msgNo":4}', "invalid", "latitude", 4),
    ('{"latitude":true,"longitude":2,"driverId":"d","msgNo":5}', "invalid", "latitude", 5),
    ('{"latitude":90.0000001,"longitude":2,"driverId":"d","msgNo":6}', "invalid", "latitude", 6),
    ('{"latitude":-90.0000001,"longitude":2,"driverId":"d","msgNo":7}', "invalid", "latitude", 7),
    ('{"latitude":1,"longitude":180.0000001,"driverId":"d","msgNo":8}', "invalid", "longitude", 8),
    ('{"latitude":1,"longitude":-180.0000001,"driverId":"d","msgNo":9}', "invalid", "longitude", 9),
    ('{"latitude":1e999,"longitude":2,"driverId":"d","msgNo":10}', "invalid", "latitude", 10),
    ('{"latitude":1,"longitude":-1e999,"driverId":"d","msgNo":11}', "invalid", "longitude", 11),
    ('{"latitude":' + DIGITS + ',"longitude":2,"driverId":"d","msgNo":12}', "invalid", "latitude", 12),
    ('{"latitude":91,"longitude":2,"driverId":"d","latitude":1,"msgNo":13}', "invalid", "latitude", 13),
    # Ids.
    ('{"latitude":1,"longitude":2,"msgNo":20}', "invalid", "driverId", 20),
    ('{"latitude":1,"longitude":2,"driverId":"","msgNo":21}', "invalid", "driverId", 21),
    ('{"latitude":1,"longitude":2,"driverId":"' + "x" * 65 + '","msgNo":22}', "invalid", "driverId", 22),
    ('{"latitude":1,"longitude":2,"driverId":"a b","msgNo":23}', "invalid", "driverId", 23),
    ('{"latitude":1,"longitude":2,"driverId":"a/b","msgNo":24}', "invalid", "driverId", 24),
    ('{"latitude":1,"longitude":2,"driverId":"Zoë","msgNo":25}', "invalid", "driverId", 25),
    ('{"latitude":1,"longitude":2,"driverId":"a\\n","msgNo":26}', "invalid", "driverId", 26),
    ('{"latitude":1,"longitude":2,"driverId":"a\\u0000","msgNo":27}', "invalid", "driverId", 27),
    ('{"latitude":1,"longitude":2,"driverId":"@node","msgNo":28}', "invalid", "driverId", 28),
    ('{"latitude":1,"longitude":2,"driverId":7,"msgNo":29}', "invalid", "driverId", 29),
    # Numbers beside the place.
    ('{"latitude":1,"longitude":2,"driverId":"d","speed":-1,"msgNo":30}', "invalid", "speed", 30),
    ('{"latitude":1,"longitude":2,"driverId":"d","speed":400.1,"msgNo":31}', "invalid", "speed", 31),
    ('{"latitude":1,"longitude":2,"driverId":"d","speed":"5","msgNo":32}', "invalid", "speed", 32),
    ('{"latitude":1,"longitude":2,"driverId":"d","heading":-1,"msgNo":33}', "invalid", "heading", 33),
    ('{"latitude":1,"longitude":2,"driverId":"d","heading":360.1,"msgNo":34}', "invalid", "heading", 34),
    ('{"latitude":1,"longitude":2,"driverId":"d","accuracy":-0.1,"msgNo":35}', "invalid", "accuracy", 35),
    ('{"latitude":1,"longitude":2,"driverId":"d","accuracy":10000001,"msgNo":36}', "invalid", "accuracy", 36),
    ('{"latitude":1,"longitude":2,"driverId":"d","altitude":-12001,"msgNo":37}', "invalid", "altitude", 37),
    ('{"latitude":1,"longitude":2,"driverId":"d","altitude":100001,"msgNo":38}', "invalid", "altitude", 38),
    ('{"latitude":1,"longitude":2,"driverId":"d","battery":1.01,"msgNo":39}', "invalid", "battery", 39),
    ('{"latitude":1,"longitude":2,"driverId":"d","battery":-0.01,"msgNo":40}', "invalid", "battery", 40),
    # The message's own number: one that no message may have is not repeated.
    ('{"latitude":1,"longitude":2,"driverId":"d","msgNo":-1}', "invalid", "msgNo", None),
    ('{"latitude":1,"longitude":2,"driverId":"d","msgNo":9007199254740993}', "invalid", "msgNo", None),
    ('{"latitude":1,"longitude":2,"driverId":"d","msgNo":' + DIGITS + "}", "invalid", "msgNo", None),
    ('{"latitude":1,"longitude":2,"driverId":"d","msgNo":' + DIGITS[:900] + "}", "invalid", "msgNo", None),
    ('{"latitude":1,"longitude":2,"driverId":"d","msgNo":1.5}', "invalid", "msgNo", None),
    ('{"latitude":1,"longitude":2,"driverId":"d","msgNo":true}', "invalid", "msgNo", None),
    ('{"latitude":1,"longitude":2,"driverId":"d","msgNo":"1"}', "invalid", "msgNo", None),
    # Attributes.
    ('{"latitude":1,"longitude":2,"driverId":"d","attributes":[],"msgNo":50}', "invalid", "attributes", 50),
    ('{"latitude":1,"longitude":2,"driverId":"d","attributes":"{}","msgNo":51}', "invalid", "attributes", 51),
    ('{"latitude":1,"longitude":2,"driverId":"d","attributes":7,"msgNo":52}', "invalid", "attributes", 52),
    ('{"latitude":1,"longitude":2,"driverId":"d","attributes":false,"msgNo":53}', "invalid", "attributes", 53),
    (
        '{"latitude":1,"longitude":2,"driverId":"d","attributes":{"a":"' + "x" * 1_017 + '"},"msgNo":54}',
        "invalid", "attributes", 54,
    ),
    # Times.
    ('{"latitude":1,"longitude":2,"driverId":"d","recordedAt":"yesterday","msgNo":60}', "invalid", "recordedAt", 60),
    ('{"latitude":1,"longitude":2,"driverId":"d","recordedAt":"2026-01-01","msgNo":61}', "invalid", "recordedAt", 61),
    ('{"latitude":1,"longitude":2,"driverId":"d","recordedAt":"2026-01-01T10:00:00","msgNo":62}',
     "invalid", "recordedAt", 62),
    ('{"latitude":1,"longitude":2,"driverId":"d","recordedAt":"2026-02-29T10:00:00Z","msgNo":63}',
     "invalid", "recordedAt", 63),
    ('{"latitude":1,"longitude":2,"driverId":"d","recordedAt":"2016-12-31T23:60:60Z","msgNo":64}',
     "invalid", "recordedAt", 64),
    ('{"latitude":1,"longitude":2,"driverId":"d","recordedAt":"1767225600","msgNo":65}', "invalid", "recordedAt", 65),
    ('{"latitude":1,"longitude":2,"driverId":"d","recordedAt":"1969-12-31T23:59:59Z","msgNo":66}',
     "invalid", "recordedAt", 66),
    ('{"latitude":1,"longitude":2,"driverId":"d","recordedAt":-1,"msgNo":67}', "invalid", "recordedAt", 67),
    ('{"latitude":1,"longitude":2,"driverId":"d","recordedAt":1e300,"msgNo":68}', "invalid", "recordedAt", 68),
    ('{"latitude":1,"longitude":2,"driverId":"d","recordedAt":1e999,"msgNo":69}', "invalid", "recordedAt", 69),
    ('{"latitude":1,"longitude":2,"driverId":"d","recordedAt":253402300800000,"msgNo":70}',
     "invalid", "recordedAt", 70),
    ('{"latitude":1,"longitude":2,"driverId":"d","recordedAt":"0001-01-01T00:00:00+23:59","msgNo":71}',
     "invalid", "recordedAt", 71),
    ('{"latitude":1,"longitude":2,"driverId":"d","recordedAt":"9999-12-31T23:59:59-00:01","msgNo":72}',
     "invalid", "recordedAt", 72),
    ('{"latitude":1,"longitude":2,"driverId":"d","recordedAt":true,"msgNo":73}', "invalid", "recordedAt", 73),
    # Batches.
    ("[" + ",".join(['{"latitude":1,"longitude":2,"driverId":"d"}'] * 501) + "]", "too_many", None, None),
    ("[" + "1," * 32_000 + "1]", "too_many", None, None),
    # Requests.
    ('{"type":"dance"}', "unknown_type", "type", None),
    ('{"type":"ack","msgNo":1}', "unknown_type", "type", None),
    ('{"type":5}', "invalid", "type", None),
    ('{"type":"subscribe","all":true}', "invalid", "id", None),
    ('{"type":"subscribe","id":"","all":true}', "invalid", "id", None),
    ('{"type":"subscribe","id":"' + "x" * 65 + '","all":true}', "invalid", "id", None),
    ('{"type":"subscribe","id":"s"}', "invalid", "all", None),
    ('{"type":"subscribe","id":"s","all":false}', "invalid", "all", None),
    ('{"type":"subscribe","id":"s","all":1}', "invalid", "all", None),
    ('{"type":"subscribe","id":"s","all":true,"drivers":["d"]}', "invalid", "all", None),
    ('{"type":"subscribe","id":"s","drivers":"d"}', "invalid", "drivers", None),
    ('{"type":"subscribe","id":"s","drivers":["d",5]}', "invalid", "drivers[1]", None),
    ('{"type":"subscribe","id":"s","drivers":["a b"]}', "invalid", "drivers", None),
    ('{"type":"subscribe","id":"s","drivers":[' + ",".join(['"d"'] * 1_001) + "]}", "too_many", "drivers", None),
    ('{"type":"subscribe","id":"s","bbox":[1,2,3]}', "invalid", "bbox", None),
    ('{"type":"subscribe","id":"s","bbox":[1,2,3,91]}', "invalid", "bbox[3]", None),
    ('{"type":"subscribe","id":"s","bbox":[-181,2,3,4]}', "invalid", "bbox[0]", None),
    ('{"type":"subscribe","id":"s","bbox":[1,4,3,2]}', "invalid", "bbox", None),
    ('{"type":"subscribe","id":"s","near":{"latitude":1,"longitude":2}}', "invalid", "near.radius", None),
    ('{"type":"subscribe","id":"s","all":true,"driver":"d"}', "invalid", "driver", None),
    ('{"type":"subscribe","id":"s","all":true,"since":{"epoch":"e","seq":1,"at":2}}', "invalid", "since.at", None),
    ('{"type":"subscribe","id":"s","near":{"latitude":1,"longitude":2,"radius":5,"unit":"km"}}',
     "invalid", "near.unit", None),
    ('{"type":"subscribe","id":"s","near":{"latitude":1,"longitude":2,"radius":0}}', "invalid", "near.radius", None),
    ('{"type":"subscribe","id":"s","near":{"latitude":1,"longitude":2,"radius":3e7}}', "invalid", "near.radius", None),
    ('{"type":"subscribe","id":"s","near":{"latitude":91,"longitude":2,"radius":5}}', "invalid", "near.latitude", None),
    ('{"type":"subscribe","id":"s","all":true,"maxHz":0}', "invalid", "maxHz", None),
    ('{"type":"subscribe","id":"s","all":true,"maxHz":20.1}', "invalid", "maxHz", None),
    ('{"type":"subscribe","id":"s","all":true,"since":{"epoch":"e"}}', "invalid", "since", None),
    ('{"type":"subscribe","id":"s","all":true,"since":{"epoch":"e","seq":-1}}', "invalid", "since.seq", None),
    ('{"type":"unsubscribe"}', "invalid", "id", None),
    ('{"type":"unsubscribe","id":"none"}', "invalid", "id", None),
]  # fmt: skip


@pytest.mark.parametrize(("message", "code", "field", "msg_no"), REFUSED, ids=[row[0][:70] for row in REFUSED])
def test_refused(
    hub: Edge, driver: Peer, screen: Peer, message: str, code: str, field: str | None, msg_no: int | None
) -> None:
    before = state(hub)
    driver.say(message)
    error = driver.hear()
    assert error.pop("type") == "error"
    assert error.pop("detail")
    expected: dict[str, Any] = {"code": code, "field": field, "msgNo": msg_no}
    assert error == {name: value for name, value in expected.items() if value is not None}
    assert driver.hear_all() == []
    assert silent(hub, screen) == []
    assert state(hub) == before


# Each row: what is sent beside place and driver, and what the location says beside place, driver and the hub's own.
ACCEPTED: list[tuple[str, dict[str, Any]]] = [
    ('"speed":0', {"speed": 0.0}),
    ('"speed":400', {"speed": 400.0}),
    ('"heading":0', {"heading": 0.0}),
    ('"heading":359.9', {"heading": 359.9}),
    ('"heading":360', {"heading": 0.0}),
    ('"accuracy":0', {"accuracy": 0.0}),
    ('"altitude":-430.5', {"altitude": -430.5}),
    ('"battery":0', {"battery": 0.0}),
    ('"battery":1', {"battery": 1.0}),
    ('"speed":null,"heading":null,"accuracy":null,"altitude":null,"battery":null,"recordedAt":null,"msgNo":null', {}),
    ('"attributes":null', {}),
    ('"attributes":{}', {"attributes": {}}),
    ('"attributes": {"b": [1, {"c": "ü"}], "a": 1.50}', {"attributes": {"b": [1, {"c": "ü"}], "a": 1.5}}),
    ('"attributes":{"a":"\\u0000"}', {"attributes": {"a": "\0"}}),
    ('"attributes":{"type":"subscribe"}', {"attributes": {"type": "subscribe"}}),
    ('"attributes":{"a":"' + "x" * 1_016 + '"}', {"attributes": {"a": "x" * 1_016}}),
    ('"attributes":{"a":' + "[" * 500 + "]" * 500 + "}", {"attributes": "…"}),
    ('"attributes":{"a":' + "9" * 900 + "}", {"attributes": {"a": int("9" * 900)}}),
    ('"unknown":{"latitude":99},"type":"location"', {}),
    ('"type":null', {}),
    ('"recordedAt":"2026-01-01T10:00:00Z"', {"recordedAt": "2026-01-01T10:00:00Z"}),
    ('"recordedAt":"2026-01-01T10:00:01+05:30"', {"recordedAt": "2026-01-01T04:30:01Z"}),
    ('"recordedAt":"2026-01-01T10:00:02.25Z"', {"recordedAt": "2026-01-01T10:00:02.250000Z"}),
    ('"recordedAt":"2026-01-01T10:00:03.123456789Z"', {"recordedAt": "2026-01-01T10:00:03.123457Z"}),
    ('"recordedAt":"2026-01-01 10:00:04z"', {"recordedAt": "2026-01-01T10:00:04Z"}),
    ('"recordedAt":"2025-12-31T23:59:60Z","attributes":{"a": 1.50}',
     {"recordedAt": "2026-01-01T00:00:00Z", "attributes": {"a": 1.5}}),
    ('"recordedAt":"2026-01-01t00:29:60.25+00:30"', {"recordedAt": "2026-01-01T00:00:00.250000Z"}),
    ('"recordedAt":1767261605', {"recordedAt": "2026-01-01T10:00:05Z"}),
    ('"recordedAt":1767261605.5', {"recordedAt": "2026-01-01T10:00:05.500000Z"}),
    ('"recordedAt":1767261606000', {"recordedAt": "2026-01-01T10:00:06Z"}),
    ('"recordedAt":1767261606250', {"recordedAt": "2026-01-01T10:00:06.250000Z"}),
    ('"recordedAt":0', {"recordedAt": "1970-01-01T00:00:00Z"}),
    ('"recordedAt":2147483647', {"recordedAt": "2038-01-19T03:14:07Z"}),
    ('"recordedAt":2147483648', {"recordedAt": "1970-01-25T20:31:23.648000Z"}),
]  # fmt: skip


@pytest.mark.parametrize(("sent", "said"), ACCEPTED, ids=[row[0][:70] for row in ACCEPTED])
def test_accepted(hub: Edge, driver: Peer, screen: Peer, sent: str, said: dict[str, Any], request: Any) -> None:
    name = f"accepted-{ACCEPTED.index((sent, said))}"
    before = logged(hub)
    driver.say(f'{{"latitude":1.5,"longitude":2,"driverId":"{name}",{sent}}}')
    location = screen.hear()
    if said.get("recordedAt", "") > "2037":
        assert location.pop("clockOffset") > 86_400
    for field in ("receivedAt", "seq") + (() if "recordedAt" in said else ("recordedAt",)):
        assert location.pop(field)
    if said.get("attributes") == "…":
        location["attributes"] = "…"
    assert location == {"type": "location", "driverId": name, "latitude": 1.5, "longitude": 2.0, **said}
    until(lambda: logged(hub) == before + 1)
    assert driver.hear_all() == silent(hub, screen) == []


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [("90", "180"), ("-90", "-180"), ("85.05112878", "0"), ("85.05112879", "-0.0"), ("1e-320", "179.9999999999999999")],
)
def test_places_at_the_edges_are_places(hub: Edge, driver: Peer, screen: Peer, latitude: str, longitude: str) -> None:
    """Also for the geo index of Redis, which ends before the poles."""
    before = logged(hub)
    driver.say(f'{{"latitude":{latitude},"longitude":{longitude},"driverId":"edge-{latitude}","msgNo":1}}')
    location = screen.hear()
    assert (location["latitude"], location["longitude"]) == (float(latitude), float(longitude))
    assert driver.hear() == {"type": "ack", "msgNo": 1}
    assert logged(hub) == before + 1
    assert hub.appender.problem is None


def rfc3339(instant: datetime) -> str:
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ")


def test_a_fix_from_the_future_is_stored_and_hides_nothing(hub: Edge, driver: Peer, screen: Peer) -> None:
    now = datetime.now(UTC)
    first, ahead, near = (rfc3339(now + timedelta(seconds=seconds)) for seconds in (20, 90, 30))
    before = logged(hub)
    converse(
        hub,
        f"""
        driver → {{"latitude":1,"longitude":2,"driverId":"future","recordedAt":"{first}"}}
        screen ← {{"type":"location","driverId":"future","latitude":1.0,"longitude":2.0,"recordedAt":"{first}","receivedAt":"…","seq":"…"}}
        driver → {{"latitude":1,"longitude":2,"driverId":"future","recordedAt":"{ahead}","msgNo":1}}
        driver ← {{"type":"ack","msgNo":1}}
        driver → {{"latitude":1,"longitude":2,"driverId":"future","recordedAt":"9999-12-31T23:59:59Z","msgNo":2}}
        driver ← {{"type":"ack","msgNo":2}}
        screen ← nothing
        driver → {{"latitude":1,"longitude":2,"driverId":"future","recordedAt":"{near}","msgNo":3}}
        screen ← {{"type":"location","driverId":"future","latitude":1.0,"longitude":2.0,"recordedAt":"{near}","receivedAt":"…","seq":"…"}}
        driver ← {{"type":"ack","msgNo":3}}
        """,  # noqa: E501
        driver=driver,
        screen=screen,
    )
    assert logged(hub) == before + 4


def test_a_fix_without_a_time_is_newer_than_the_one_before(hub: Edge, driver: Peer, screen: Peer) -> None:
    near = rfc3339(datetime.now(UTC) + timedelta(seconds=30))
    driver.say({"latitude": 1, "longitude": 2, "driverId": "timeless", "recordedAt": near})
    driver.say({"latitude": 1, "longitude": 3, "driverId": "timeless"})
    assert screen.hear()["recordedAt"] == near
    later = screen.hear()
    assert later["longitude"] == 3.0
    assert later["recordedAt"] == near.replace("Z", ".000001Z")


def test_a_late_fix_is_stored_and_not_shown(hub: Edge, driver: Peer, screen: Peer) -> None:
    before = logged(hub)
    converse(
        hub,
        """
        driver → {"latitude":1,"longitude":2,"driverId":"late","recordedAt":"2026-01-01T00:00:02Z","msgNo":1}
        screen ← {"type":"location","driverId":"late","latitude":1.0,"longitude":2.0,"recordedAt":"…","receivedAt":"…","seq":"…"}
        driver ← {"type":"ack","msgNo":1}
        driver → {"latitude":1,"longitude":2,"driverId":"late","recordedAt":"2026-01-01T00:00:01Z","msgNo":2}
        driver ← {"type":"ack","msgNo":2}
        driver → {"latitude":1,"longitude":2,"driverId":"late","recordedAt":"2026-01-01T00:00:02Z","msgNo":3}
        driver ← {"type":"ack","msgNo":3}
        screen ← nothing
        """,  # noqa: E501
        driver=driver,
        screen=screen,
    )
    assert logged(hub) == before + 3


def test_500_fixes_fit_into_a_message(hub: Edge, driver: Peer, screen: Peer) -> None:
    fixes = [{"latitude": 1, "longitude": 2, "driverId": f"batch-{number}"} for number in range(500)]
    driver.say([*fixes[:-1], {**fixes[-1], "msgNo": 500}])
    assert {screen.hear()["driverId"] for _ in fixes} == {fix["driverId"] for fix in fixes}
    assert driver.hear() == {"type": "ack", "msgNo": 500}


def test_a_deeply_nested_unknown_field_does_no_harm(hub: Edge) -> None:
    """Python before 3.14 counts levels and refuses it; later versions measure the stack, which has room for 64 KiB."""
    with Peer(hub.address, "/ws?subscribe=none") as driver:
        driver.say(NESTED)
        answer = driver.hear()
        assert answer == {"type": "ack", "msgNo": 7} or (answer["type"], answer["code"]) == ("error", "malformed")
        driver.say('{"latitude":1,"longitude":2,"driverId":"deep","msgNo":8}')
        assert driver.hear() == {"type": "ack", "msgNo": 8}
