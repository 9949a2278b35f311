"""Requests to OSRM and Valhalla, and answers as their documents show them."""

from __future__ import annotations

import json

import pytest

from hub.wire.roads import Kind, Unusable, question, table

A, B, C = (25.2, 55.27), (25.25, 55.3), (25.3, 55.31)


def test_osrm() -> None:
    assert question("osrm", "http://roads:5000/", [A], [B, C]) == (
        "http://roads:5000/table/v1/driving/55.270000,25.200000;55.300000,25.250000;55.310000,25.300000"
        "?annotations=duration,distance&sources=0&destinations=1;2",
        None,
    )
    answer = b'{"code": "Ok", "durations": [[615.5, null]], "distances": [[8046, null]], "sources": []}'
    assert table("osrm", answer, 1, 2) == ([[615.5, None]], [[8046.0, None]])


def test_valhalla() -> None:
    url, body = question("valhalla", "http://roads:8002", [A], [B])
    assert url == "http://roads:8002/sources_to_targets" and body is not None
    assert json.loads(body) == {
        "sources": [{"lat": 25.2, "lon": 55.27}],
        "targets": [{"lat": 25.25, "lon": 55.3}],
        "costing": "auto",
        "units": "kilometers",
    }
    pairs = [[{"distance": 8.25, "time": 616, "to_index": 0, "from_index": 0}, {"distance": None, "time": None}]]
    answer = json.dumps({"sources_to_targets": pairs, "units": "kilometers"}).encode()
    assert table("valhalla", answer, 1, 2) == ([[616.0, None]], [[8250.0, None]])


@pytest.mark.parametrize("kind", ["osrm", "valhalla"])
@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"<html>",
        b'{"code": "InvalidUrl"}',
        b'{"durations": [[1, 2]], "distances": [[1]], "sources_to_targets": [[{}]]}',
        b'{"durations": [[1, -2]], "distances": [[1, 2]], "sources_to_targets": [[{}, {"time": -1}]]}',
    ],
)
def test_other_answers_are_refused(kind: Kind, answer: bytes) -> None:
    with pytest.raises(Unusable):
        table(kind, answer, 1, 2)
