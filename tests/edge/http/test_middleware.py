"""What every request passes: proxies, headers, pages of other sites, limits."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import msgspec
import pytest
import structlog

from hub.logs import identified
from tests.identity.test_tokens import SECRET, token
from tests.support.api.calls import Answer, call, get, post
from tests.support.peers import HANDSHAKE, Peer, Raw, handshake
from tests.support.running import Edge, edge, until

DESK = "https://desk.example"
BEHIND = {"x-forwarded-for": "203.0.113.7", "x-forwarded-proto": "https"}


@pytest.fixture(scope="module")
def guarded(hub: Edge) -> Iterator[Edge]:
    """A hub behind a proxy on this machine, with small limits."""
    settings = msgspec.structs.replace(
        hub.settings,
        jwt_secret=SECRET,
        trusted_proxies="127.0.0.1, 10.0.0.0/8",
        allowed_origins=DESK,
        max_address_rate=4,
        max_user_rate=2,
        max_address_connections=2,
    )
    with edge(settings) as running:
        yield running


def from_address(hub: Edge, address: str, path: str = "/nothing", **headers: str) -> Answer:
    return call(hub, "GET", path, None, {"x-forwarded-for": address, **headers})


def test_answers_are_safe_in_browsers(hub: Edge) -> None:
    for path in ("/", "/nothing", "/livez", "/api/v1/drivers", "/api/v1/screen"):
        headers = get(hub, path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cross-origin-opener-policy"] == "same-origin"
        assert "strict-transport-security" not in headers
        assert "access-control-allow-origin" not in headers
    policy = get(hub, "/").headers["content-security-policy"]
    assert "default-src 'self'" in policy and "frame-ancestors 'none'" in policy
    # A refused handshake is an answer too.
    with Raw(hub.address) as raw:
        raw.send(handshake("/nothing"))
        assert raw.response().headers["x-content-type-options"] == "nosniff"


def test_https_is_demanded_from_then_on_where_it_was_used(guarded: Edge) -> None:
    assert call(guarded, "GET", "/livez", None, BEHIND).headers["strict-transport-security"] == "max-age=31536000"
    assert "strict-transport-security" not in get(guarded, "/livez").headers


def test_only_trusted_proxies_are_believed(hub: Edge) -> None:
    assert "strict-transport-security" not in call(hub, "GET", "/livez", None, BEHIND).headers


def test_each_request_has_an_id(hub: Edge) -> None:
    first, second = (get(hub, "/livez").headers["x-request-id"] for _ in range(2))
    assert re.fullmatch("[0-9a-f]{16}", first) and first != second
    assert get(hub, "/livez", **{"x-request-id": "From.the_proxy-1"}).headers["x-request-id"] == "From.the_proxy-1"
    for bad in ("two words", "x" * 65, "é", 'a"b', ""):
        assert re.fullmatch("[0-9a-f]{16}", get(hub, "/livez", **{"x-request-id": bad}).headers["x-request-id"])


@pytest.fixture
def identified_lines() -> Iterator[None]:
    """Log lines with the id of their request, as ``hub.logs.setup`` configures them."""
    before = structlog.get_config()["processors"]
    structlog.configure(processors=[identified, *before])
    yield
    structlog.configure(processors=before)


@pytest.mark.usefixtures("identified_lines")
def test_the_lines_of_a_request_have_its_id(hub: Edge, capfd: pytest.CaptureFixture[str]) -> None:
    post(hub, "/osmand?id=a&lat=x&lon=2", b"", **{"x-request-id": "mine"})
    until(lambda: "point_quarantined" in (said := "".join(capfd.readouterr())) and "mine" in said)
    post(hub, "/osmand?id=a&lat=x&lon=2", b"")
    until(lambda: "point_quarantined" in (said := "".join(capfd.readouterr())) and "mine" not in said)


def test_pages_of_listed_origins_may_read(guarded: Edge) -> None:
    answer = from_address(guarded, "198.51.100.1", "/api/v1/drivers", origin=DESK)
    assert (answer.status, answer.headers["access-control-allow-origin"]) == (401, DESK)
    assert "access-control-allow-credentials" not in answer.headers
    exposed = answer.headers["access-control-expose-headers"].split(", ")
    assert {"ETag", "Link", "Location", "Retry-After"} <= set(exposed)
    other = from_address(guarded, "198.51.100.1", "/api/v1/drivers", origin="https://evil.example")
    assert "access-control-allow-origin" not in other.headers


def test_pages_of_listed_origins_are_told_what_they_may_send(guarded: Edge) -> None:
    asked = {"access-control-request-method": "PATCH", "access-control-request-headers": "authorization,if-match"}
    answer = call(guarded, "OPTIONS", "/api/v1/fleet/drivers/d", None, {"origin": DESK, **asked})
    assert (answer.status, answer.headers["access-control-allow-origin"]) == (200, DESK)
    assert "PATCH" in answer.headers["access-control-allow-methods"]
    evil = call(guarded, "OPTIONS", "/api/v1/fleet/drivers/d", None, {"origin": "https://evil.example", **asked})
    assert evil.status == 400


def test_an_address_that_asks_too_often_is_refused_by_itself(guarded: Edge) -> None:
    statuses = [from_address(guarded, "192.0.2.1").status for _ in range(60)]
    assert statuses[:20] == [404] * 20
    assert 429 in statuses
    answer = next(answer for answer in (from_address(guarded, "192.0.2.1") for _ in range(60)) if answer.status == 429)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["retry-after"] == "1"
    assert answer.headers["ratelimit"] == '"address";r=0;t=1'
    assert from_address(guarded, "192.0.2.2").status == 404
    # What the client itself says of its address is what the proxy found, behind others' claims.
    assert from_address(guarded, "192.0.2.3, 192.0.2.1").status in (404, 429)
    assert from_address(guarded, "192.0.2.1, 192.0.2.4, 10.1.2.3").status == 404
    assert guarded.node.sockets.closed == {}


def test_probes_are_not_limited(guarded: Edge) -> None:
    for path in ("/livez", "/readyz", "/health"):
        assert {from_address(guarded, "192.0.2.9", path).status for _ in range(40)} == {200}


def test_phones_are_told_503(guarded: Edge) -> None:
    statuses = {from_address(guarded, "192.0.2.10", "/t/x?lat=1&lon=2").status for _ in range(60)}
    assert statuses == {401, 503}


def test_a_user_has_a_rate_wherever_it_asks_from(guarded: Edge) -> None:
    bearer = {"authorization": f"Bearer {token(sub='van7')}"}
    answers = [from_address(guarded, f"192.0.3.{n}", "/api/v1/drivers", **bearer) for n in range(40)]
    assert {answer.status for answer in answers} == {200, 429}
    refused = next(answer for answer in answers if answer.status == 429)
    assert refused.headers["ratelimit-policy"] == '"user";q=2;w=1'
    other = {"authorization": f"Bearer {token(sub='van8')}"}
    assert from_address(guarded, "192.0.3.1", "/api/v1/drivers", **other).status == 200


def opened(hub: Edge, address: str) -> Peer:
    headers = (f"X-Forwarded-For: {address}", f"Authorization: Bearer {token()}")
    return Peer(hub.address, headers=headers)


def refused(hub: Edge, address: str) -> int:
    with Raw(hub.address) as raw:
        raw.send(handshake(headers=(f"X-Forwarded-For: {address}", f"Authorization: Bearer {token()}")))
        return raw.response().status


def test_an_address_has_so_many_sockets_and_gets_their_places_back(guarded: Edge) -> None:
    with opened(guarded, "192.0.2.20"), opened(guarded, "192.0.2.20") as second:
        assert refused(guarded, "192.0.2.20") == 429
        with opened(guarded, "192.0.2.21"):
            pass
        second.reset()
        until(lambda: guarded.node.sockets.count == 1)
        with opened(guarded, "192.0.2.20"):
            pass
    until(lambda: guarded.node.sockets.count == 0)
    # Who is refused, or goes away during the handshake, leaves no trace either.
    for _ in range(5):
        with Raw(guarded.address) as raw:
            raw.send(handshake(headers=("X-Forwarded-For: 192.0.2.22",)))
            assert raw.response().status == 401
    with opened(guarded, "192.0.2.22"), opened(guarded, "192.0.2.22"):
        pass


def test_sockets_of_one_ipv6_network_count_together(guarded: Edge) -> None:
    with opened(guarded, "2001:db8::1"), opened(guarded, "2001:db8::2"):
        assert refused(guarded, "2001:db8::3") == 429
        with opened(guarded, "2001:db8:0:1::1"):
            pass


def test_this_machine_is_not_limited_on_an_open_hub(hub: Edge) -> None:
    with edge(msgspec.structs.replace(hub.settings, max_address_rate=1, max_address_connections=1)) as running:
        assert {get(running, "/nothing").status for _ in range(30)} == {404}
        with Peer(running.address), Peer(running.address):
            pass


def test_metrics_refuse_a_forwarded_loopback_address(guarded: Edge) -> None:
    """A trusted proxy asks for itself, which is this machine; a client behind it is not, whatever it claims."""
    assert get(guarded, "/metrics").status == 200
    for claim in ("127.0.0.1", "::1", "127.0.0.1, 127.0.0.1", "localhost", "192.0.2.1, 127.0.0.1", ""):
        assert call(guarded, "GET", "/metrics", None, {"x-forwarded-for": claim}).status == 404


def test_an_answer_of_a_bug_of_ours_is_safe_too(hub: Edge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub.node.hub, "fleet", None)
    answer = get(hub, "/api/v1/drivers")
    assert answer.status == 500
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "x-request-id" in answer.headers

    problem = json.loads(answer.body)
    assert (answer.headers["content-type"], problem["title"]) == ("application/problem+json", "Internal Server Error")
    assert "X-Request-ID" in problem["detail"]


@pytest.mark.usefixtures("identified_lines")
def test_a_handshake_at_which_the_hub_fails_gets_a_problem_document(
    hub: Edge, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(hub.node, "identity", None)
    with Raw(hub.address) as raw:
        raw.send(handshake(headers=["X-Request-ID: failed-here"]))
        answer = raw.response()
        assert raw.ended() == b""
    assert (answer.status, answer.headers["content-type"]) == (500, "application/problem+json")
    assert (answer.headers["x-request-id"], json.loads(answer.body)["status"]) == ("failed-here", 500)
    until(lambda: "internal_error" in (said := "".join(capfd.readouterr())) and "failed-here" in said)


def ask(hub: Edge, *lines: str) -> tuple[int, str]:
    """Status and detail of the answer to a request with these lines."""
    with Raw(hub.address) as raw:
        raw.send("".join(f"{line}\r\n" for line in (*lines, "")).encode())
        answer = raw.response()
    is_problem = answer.headers["content-type"] == "application/problem+json"
    return answer.status, json.loads(answer.body)["detail"] if is_problem else ""


UPGRADE = HANDSHAKE.format(path="/ws").splitlines()[2:]
TWICE = "Host: the request has 2 lines of this header, it must have one"
MISSING = "Host: the header is missing, HTTP/1.1 requires it"
OLD = "Upgrade: a WebSocket handshake needs HTTP/1.1, the request uses HTTP/1.0"


@pytest.mark.parametrize(
    ("lines", "answer"),
    [
        (["GET /livez HTTP/1.1"], (400, MISSING)),
        (["GET http://localhost/livez HTTP/1.1"], (400, MISSING)),
        (["GET /livez HTTP/1.1", "Host: localhost", "Host: localhost"], (400, TWICE)),
        (["GET /livez HTTP/1.1", "Host: localhost", "host: other"], (400, TWICE)),
        (["GET /livez HTTP/1.0", "Host: localhost", "Host: localhost"], (400, TWICE)),
        (
            ["OPTIONS /livez HTTP/1.1", "Origin: https://a.example", "Access-Control-Request-Method: GET"],
            (400, MISSING),
        ),
        (["GET /livez HTTP/1.0"], (200, "")),
        (["GET /livez HTTP/1.0", "Host: localhost"], (200, "")),
        (["GET /ws HTTP/1.1", *UPGRADE], (400, MISSING)),
        (["GET /ws HTTP/1.1", "Host: localhost", "Host: localhost", *UPGRADE], (400, TWICE)),
        (["GET /ws HTTP/1.0", "Host: localhost", *UPGRADE], (400, OLD)),
        (["GET /ws HTTP/1.0", *UPGRADE], (400, OLD)),
        # RFC 9110, section 7.8: any other Upgrade by HTTP/1.0 is ignored.
        (["GET /livez HTTP/1.0", "Connection: Upgrade", "Upgrade: h2c"], (200, "")),
    ],
)
@pytest.mark.parametrize("on", ["hub", "guarded"])
def test_a_request_has_one_host_and_a_handshake_http_1_1(
    request: pytest.FixtureRequest, on: str, lines: list[str], answer: tuple[int, str]
) -> None:
    assert ask(request.getfixturevalue(on), *lines) == answer


def test_problems_of_limits_are_documents(guarded: Edge) -> None:
    answers = (from_address(guarded, "192.0.2.30") for _ in range(60))
    refusal = next(answer for answer in answers if answer.status == 429)
    assert json.loads(refusal.body) == {
        "type": "about:blank",
        "title": "Too Many Requests",
        "status": 429,
        "detail": "one address may send at most 4 requests a second",
    }
