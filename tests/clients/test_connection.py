"""Whether and when a client reconnects."""

from __future__ import annotations

import pytest
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosedError, InvalidStatus
from websockets.frames import Close as CloseFrame
from websockets.http11 import Response

from clients.connection import Link, Refused, endpoint, may_return
from hub.wire.errors import Close


def closed(code: int) -> ConnectionClosedError:
    return ConnectionClosedError(CloseFrame(code, "because"), None, None)


def answered(status: int, **headers: str) -> InvalidStatus:
    names = Headers({name.replace("_", "-"): value for name, value in headers.items()})
    return InvalidStatus(Response(status, "No", names, b"why"))


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("ws://localhost:8080/ws", "ws://localhost:8080/ws?subscribe=none"),
        ("ws://localhost:8080", "ws://localhost:8080/ws?subscribe=none"),
        ("wss://hub.example/a/ws?ticket=t", "wss://hub.example/a/ws?ticket=t&subscribe=none"),
        ("ws://[::1]:8080/ws?subscribe=all", "ws://[::1]:8080/ws?subscribe=none"),
    ],
)
def test_endpoint(url: str, address: str) -> None:
    assert endpoint(url) == address


@pytest.mark.parametrize("url", ["http://localhost:8080/ws", "localhost:8080", "ws:///ws", ""])
def test_an_invalid_url_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="must be a WebSocket URL"):
        endpoint(url)


def test_the_address_for_people_has_no_ticket_and_no_password() -> None:
    assert Link("wss://user:secret@hub.example/a/ws?ticket=t").address == "wss://hub.example/a/ws"
    assert Link("ws://[::1]:8080").address == "ws://[::1]:8080/ws"


def test_the_hubs_table_decides_about_its_codes() -> None:
    assert {code: may_return(code) for code in Close} == {code: code.reconnect for code in Close}


@pytest.mark.parametrize(
    ("code", "reconnects"), [(1001, True), (1006, True), (3000, False), (4321, True), (4500, False)]
)
def test_codes_that_the_hub_does_not_send(code: int, reconnects: bool) -> None:
    assert may_return(code) is reconnects


def test_a_permanent_close_code_ends_it() -> None:
    with pytest.raises(Refused, match="1008: because") as refused:
        Link("ws://localhost").lost(closed(1008))
    assert refused.value.code == 1008


@pytest.mark.parametrize("status", [400, 401, 403, 404])
def test_a_permanent_status_ends_it(status: int) -> None:
    with pytest.raises(Refused, match=f"{status}: why"):
        Link("ws://localhost").lost(answered(status))


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503])
def test_a_temporary_status_does_not(status: int) -> None:
    assert 0 <= Link("ws://localhost").lost(answered(status)) <= 0.5


def test_delays_grow_to_the_longest_with_full_jitter() -> None:
    links = [Link("ws://localhost") for _ in range(200)]
    for attempt in range(12):
        delays = [link.lost(OSError()) for link in links]
        ceiling = min(30.0, 0.5 * 2**attempt)
        assert 0 <= min(delays) < 0.2 * ceiling
        assert 0.8 * ceiling < max(delays) <= ceiling


def test_only_success_resets_the_delays() -> None:
    link = Link("ws://localhost")
    for _ in range(10):
        link.lost(OSError())
    link.proved()
    assert link.lost(OSError()) <= 0.5


def test_a_delay_requested_by_the_hub_is_added_once() -> None:
    link = Link("ws://localhost")
    link.bye(3000)
    assert 3.0 <= link.lost(closed(1012)) <= 3.5
    assert link.lost(OSError()) <= 1.0
    assert 7.0 <= link.lost(answered(503, Retry_After="7")) <= 9.0
