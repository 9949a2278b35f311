"""Which dialect a request is in, whatever it is."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.core.nouns import Fix
from hub.wire.phones.elements import MAX_BAD
from hub.wire.phones.report import BACKGROUND, OSMAND, OWNTRACKS, TRACCAR, UNKNOWN, decode_report
from tests.support.laws import CHARACTERS, examples
from tests.wire.payloads import said
from tests.wire.phones.test_background import MOVING
from tests.wire.phones.test_traccar import FORWARDED

OWN = {"_type": "location", "lat": 1, "lon": 2}


@pytest.mark.parametrize(
    ("query", "body", "dialect", "fixes"),
    [
        ("id=1&lat=1&lon=2", b"", OSMAND, 1),
        ("", b"id=1&lat=1&lon=2&timestamp=1764000000", OSMAND, 1),
        ("id=1", b"lat=1&lon=2", OSMAND, 1),
        ("id=1&notificationToken=x", b"", OSMAND, 0),
        ("", json.dumps({"location": MOVING, "device_id": "1"}).encode(), BACKGROUND, 1),
        ("", json.dumps([MOVING, MOVING]).encode(), BACKGROUND, 2),
        ("", json.dumps([{"latitude": 1, "longitude": 2, "time": 1764000000}]).encode(), BACKGROUND, 1),
        ("u=van7&d=phone", json.dumps(OWN).encode(), OWNTRACKS, 1),
        ("", json.dumps([OWN, {"_type": "lwt"}, OWN]).encode(), OWNTRACKS, 2),
        ("", b" \n" + json.dumps(FORWARDED).encode(), TRACCAR, 1),
        ("", b"", OWNTRACKS, 0),
        ("", b"[]", UNKNOWN, 0),
    ],
)
def test_a_request_shows_its_dialect(query: str, body: bytes, dialect: str, fixes: int) -> None:
    report = decode_report(query, body)
    assert (report.dialect, len(report.fixes)) == (dialect, fixes)
    assert all(isinstance(fix, Fix) for fix in report.fixes)


@pytest.mark.parametrize(
    ("query", "body", "dialect", "wrong"),
    [
        ("", b"{", UNKNOWN, "malformed"),
        ("", b"\xff", UNKNOWN, "malformed"),
        ("", b'{"lat":"\xff"}', BACKGROUND, "lat"),
        ("", b"[" * 100_000, UNKNOWN, "malformed"),
        ("", b"[1]", UNKNOWN, "malformed"),
        ("", b'{"a":1}', UNKNOWN, "malformed"),
        ("lat=x&lon=1", b"", OSMAND, "lat"),
        ("", b'{"_type":"encrypted"}', OWNTRACKS, "_type"),
        ("", b'{"position":1,"device":1}', TRACCAR, "position"),
        ("", b'{"coords":1}', BACKGROUND, "coords"),
    ],
)
def test_what_cannot_be_read_is_a_bad_fix(query: str, body: bytes, dialect: str, wrong: str) -> None:
    report = decode_report(query, body)
    assert (report.dialect, [said(fix) for fix in report.fixes]) == (dialect, [wrong])


def test_one_bad_fix_harms_no_other() -> None:
    report = decode_report("", json.dumps([OWN, {**OWN, "lat": 91}, "x", OWN]).encode())
    assert [type(fix) is Fix for fix in report.fixes] == [True, False, False, True]


@pytest.mark.parametrize(
    "body",
    [
        [{}] * 8_000,
        [0] * 8_000,
        {"location": [0] * 8_000},
        [{"location": [0]}] * 2_000,
        [{"location": [0] * 400}] * 20,
    ],
    ids=["objects", "numbers", "an envelope", "envelopes", "full envelopes"],
)
def test_of_a_body_of_nothing_but_bad_elements_few_are_kept(body: object) -> None:
    fixes = decode_report("", json.dumps(body).encode()).fixes
    assert len(fixes) == MAX_BAD + 1
    assert said(fixes[-1]) == "too_many"


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(CHARACTERS, max_size=8)
    | st.sampled_from([1e400, -(10**30)]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            ["_type", "location", "position", "device", "coords", "latitude", "longitude", "lat", "lon", "tst", "time",
             "timestamp", "fixTime", "speed", "battery", "attributes", "extras", "topic", "device_id", "x"]
        ),
        inner,
        max_size=6,
    ),
    max_leaves=20,
)  # fmt: skip


@examples(300)
@given(values)
def test_any_json_is_answered(message: object) -> None:
    for fix in decode_report("", json.dumps(message).encode()).fixes:
        said(fix)


@examples(200)
@given(st.text(CHARACTERS, max_size=60), st.binary(max_size=60))
def test_any_request_is_answered(query: str, body: bytes) -> None:
    for fix in decode_report(query, body).fixes:
        said(fix)
