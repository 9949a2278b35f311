"""ETag and If-Match."""

from __future__ import annotations

import pytest
from starlette.requests import Request

from hub.edge.http.problems import Problem
from hub.edge.http.versions import etag, expected_version, stale


def request(*values: str) -> Request:
    headers = [(b"if-match", value.encode()) for value in values]
    return Request({"type": "http", "method": "PATCH", "path": "/", "headers": headers})


def test_an_etag_is_read_back_as_its_version() -> None:
    assert etag(7) == '"7"'
    assert expected_version(request(etag(7))) == 7
    assert expected_version(request(etag(0))) == 0  # of what does not exist yet
    assert expected_version(request(" *")) is None


def test_a_change_without_if_match_is_428() -> None:
    with pytest.raises(Problem) as refused:
        expected_version(request())
    assert refused.value.status == 428


@pytest.mark.parametrize("text", ["", "7", '"00"', '"-1"', 'W/"7"', '"7", "8"', '"seven"', '"99999999999"'])
def test_what_is_no_etag_of_ours_is_422(text: str) -> None:
    with pytest.raises(Problem) as refused:
        expected_version(request(text))
    assert refused.value.status == 422
    assert refused.value.errors is not None and refused.value.errors[0]["field"] == "If-Match"


def test_two_headers_are_422() -> None:
    with pytest.raises(Problem) as refused:
        expected_version(request('"1"', '"2"'))
    assert refused.value.status == 422


def test_stale_says_what_is_there() -> None:
    refused = stale(8)
    assert refused.status == 412 and refused.headers == {"etag": '"8"'}
