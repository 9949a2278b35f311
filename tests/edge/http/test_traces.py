"""``traceparent`` (W3C Trace Context): in log lines, in the audit log, and as the id of a request without one."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
import structlog

from hub.edge.http.heads import Heads, Ids
from hub.embedded.services import Services
from hub.logs import identified
from hub.wire.errors import Close
from tests.identity.test_tokens import SECRET
from tests.support.api.calls import call
from tests.support.api.fleets import ADMIN, DRIVER, DRIVERS, fetch, hub_with
from tests.support.peers import Peer, Raw, handshake
from tests.support.running import Edge, until

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT = f"00-{TRACE}-00f067aa0ba902b7-01"


@pytest.fixture(scope="module")
def hub(services: Services, template: str) -> Iterator[Edge]:
    with hub_with(services, template, "traces", jwt_secret=SECRET) as running:
        yield running


@pytest.fixture
def json_lines() -> Iterator[None]:
    """Log lines with the ids of their request, as ``hub.logs.setup`` configures them."""
    before = structlog.get_config()["processors"]
    structlog.configure(
        processors=[identified, structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    )
    yield
    structlog.configure(processors=before)


def heard(capfd: pytest.CaptureFixture[str], action: str, **fields: object) -> bool:
    """Whether a line of this action with these fields was logged since the last call."""
    said = "".join(capfd.readouterr()).splitlines()
    found = [json.loads(line) for line in said if line.startswith("{")]
    return any(line["event"] == action and fields.items() <= line.items() for line in found)


@pytest.mark.parametrize(
    ("given", "ids"),
    [
        ([PARENT], (TRACE.encode(), PARENT)),
        ([f"{PARENT[:-2]}00"], (TRACE.encode(), f"{PARENT[:-2]}00")),
        ([f"cc-{PARENT[3:]}-what-the-future-will-be-like"], (TRACE.encode(), PARENT)),
        ([f"{PARENT}-more"], None),
        ([f"ff-{PARENT[3:]}"], None),
        ([PARENT.upper()], None),
        ([f"00-{'0' * 32}-00f067aa0ba902b7-01"], None),
        ([f"00-{TRACE}-{'0' * 16}-01"], None),
        ([PARENT[:-1]], None),
        (["", ""], None),
        ([PARENT, PARENT], None),
    ],
    ids=str,
)
def test_a_trace_is_that_of_the_standard(given: list[str], ids: Ids | None) -> None:
    headers = [(b"host", b"hub"), *((b"traceparent", value.encode()) for value in given)]
    found, fault = Heads("").read(headers, "1.1")
    assert fault is None
    assert found[1] is None and len(found[0]) == 16 if ids is None else found == ids
    named, _ = Heads("").read([*headers, (b"x-request-id", b"mine")], "1.1")
    assert named == (b"mine", ids[1] if ids else None)


@pytest.mark.parametrize("path", [DRIVERS, "/api/v1/location"], ids=["usual", "direct"])
def test_the_answer_has_it_as_its_id(hub: Edge, path: str) -> None:
    for _ in range(2):
        answer = call(hub, "POST", path, {}, {"traceparent": PARENT}, ADMIN)
        assert answer.headers["x-request-id"] == TRACE
        answer = call(hub, "POST", path, {}, {"traceparent": PARENT, "x-request-id": "mine"}, ADMIN)
        assert answer.headers["x-request-id"] == "mine"
        assert len(call(hub, "POST", path, {}, {}, ADMIN).headers["x-request-id"]) == 16


def test_the_audit_log_has_it(hub: Edge) -> None:
    made = call(hub, "POST", DRIVERS, {"driverId": "traced"}, {"traceparent": PARENT}, ADMIN)
    assert made.status == 201
    assert fetch(hub, "SELECT request_id FROM audit WHERE subject_id = 'traced'") == [(TRACE,)]


@pytest.mark.usefixtures("json_lines")
def test_log_lines_of_a_request_have_it(
    hub: Edge, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(hub.node.hub, "fleet", None)
    path = "/api/v1/drivers/d"
    assert call(hub, "GET", path, None, {"traceparent": PARENT, "x-request-id": "mine"}, ADMIN).status == 500
    until(lambda: heard(capfd, "internal_error", trace_id=TRACE, request_id="mine"))


def close_all(hub: Edge) -> None:
    for slice in hub.node.sockets.slices:
        for one in list(slice.values()):
            one.close(Close.REVOKED)


@pytest.mark.usefixtures("json_lines")
def test_log_lines_of_a_socket_have_it(hub: Edge, capfd: pytest.CaptureFixture[str]) -> None:
    """Those of its handshake, and at its end, when no request is answered."""
    with Raw(hub.address) as raw:
        raw.send(handshake(headers=[f"Traceparent: {PARENT}"]))
        assert raw.response().status == 401
    until(lambda: heard(capfd, "handshake_refused", trace_id=TRACE, request_id=TRACE))
    with Peer(hub.address, headers=[f"Traceparent: {PARENT}", f"Authorization: Bearer {DRIVER}"]) as peer:
        hub.call(lambda: close_all(hub))
        assert peer.closed()[0] == Close.REVOKED
    until(lambda: heard(capfd, "client_closed", trace_id=TRACE, request_id=TRACE))
