"""HTTP requests to a hub under test."""

from __future__ import annotations

import http.client
import json
from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol

from tests.support.running import PATIENCE


class Addressed(Protocol):
    """A hub under test, in this process or another."""

    @property
    def address(self) -> tuple[str, int]: ...


class Answer(NamedTuple):
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def call(
    hub: Addressed,
    method: str,
    path: str,
    body: object = None,
    headers: Mapping[str, str] | None = None,
    token: str = "",
) -> Answer:
    """The answer to a request. ``body``: bytes as they are, text as UTF-8, anything else as JSON."""
    if body is not None and not isinstance(body, bytes):
        body = (body if isinstance(body, str) else json.dumps(body)).encode()
    all_headers = dict(headers or {}) | ({"authorization": f"Bearer {token}"} if token else {})
    connection = http.client.HTTPConnection(*hub.address, timeout=PATIENCE)
    try:
        connection.request(method, path, body, all_headers)
        response = connection.getresponse()
        answer = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, answer, response.read())
    finally:
        connection.close()


def get(hub: Addressed, path: str, token: str = "", **headers: str) -> Answer:
    return call(hub, "GET", path, None, headers, token)


def post(hub: Addressed, path: str, body: object, token: str = "", **headers: str) -> Answer:
    return call(hub, "POST", path, body, headers, token)
