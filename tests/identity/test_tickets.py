"""Tickets: valid for one socket, for 30 s, from the page that requested it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
import redis

from hub.core.principal import Principal, Role
from hub.edge.http.origins import own_page
from hub.embedded.services import Services
from hub.embedded.services import running as servers
from hub.identity.tokens import CLOCKS
from hub.settings import Settings
from hub.stores.redis.tickets import TICKET_KEY
from tests.identity.test_tokens import SECRET, token
from tests.support.api.calls import Answer, call
from tests.support.peers import Peer, Raw, handshake
from tests.support.running import PATIENCE, Edge, edge, until

PAGE, OTHER = "https://screen.example", "https://elsewhere.example"
SETTINGS = {"jwt_secret": SECRET, "allowed_origins": f"https://a.example,{PAGE}"}


def ask(hub: Edge, credential: str = "", **headers: str) -> Answer:
    return call(hub, "POST", "/api/v1/auth/ticket", None, headers, credential)


def ticket(hub: Edge, credential: str = "", **headers: str) -> str:
    answer = ask(hub, credential, **headers)
    assert (answer.status, answer.headers["cache-control"]) == (200, "no-store")
    assert answer.json["expiresIn"] == 30
    return str(answer.json["ticket"])


def opened(hub: Edge, query: str, *headers: str) -> int:
    """The status of a handshake."""
    with Raw(hub.address) as raw:
        raw.send(handshake(f"/ws?{query}", headers))
        return raw.response().status


@pytest.fixture
def tickets(hub: Edge) -> Iterator[redis.Redis]:
    with redis.Redis.from_url(hub.settings.redis_url) as client:
        yield client


def test_a_ticket_is_valid_once(hub: Edge) -> None:
    made = ticket(hub, token(role="driver", driver="d"))
    with Peer(hub.address, f"/ws?ticket={made}") as peer:
        peer.say({"latitude": 1, "longitude": 2, "msgNo": 1})
        assert peer.hear() == {"type": "ack", "msgNo": 1}
        assert opened(hub, f"ticket={made}") == 401
    assert "d" in hub.node.hub.fleet("f").latest


def test_two_concurrent_uses(hub: Edge) -> None:
    made = ticket(hub, token())
    peers = [Raw(hub.address) for _ in range(8)]
    for peer in peers:
        peer.send(handshake(f"/ws?ticket={made}"))
    assert sorted(peer.response().status for peer in peers) == [101] + [401] * 7
    for peer in peers:
        peer.close()


def test_it_is_kept_as_a_hash_for_half_a_minute(hub: Edge, tickets: redis.Redis) -> None:
    made = ticket(hub, token())
    (key,) = tickets.keys(f"{TICKET_KEY}*")
    assert made.encode() not in key and made.encode() not in (tickets.get(key) or b"")
    assert 0 < tickets.ttl(key) <= 30
    tickets.expire(key, 0)  # half a minute later
    assert opened(hub, f"ticket={made}") == 401


def test_it_expires_with_the_token_it_was_issued_for(hub: Edge) -> None:
    expired = int(time.time()) - CLOCKS + 2
    made = ticket(hub, token(exp=expired, iat=expired - 60))
    later = ticket(hub, token(exp=expired, iat=expired - 60))
    with Peer(hub.address, f"/ws?ticket={made}") as peer:
        assert peer.closed() == (4001, "token_expired")
    assert opened(hub, f"ticket={later}") == 401


@pytest.mark.parametrize("query", ["ticket=", "ticket=x", "ticket=" + "x" * 43, "ticket=" + "x" * 5_000, "ticket=%00"])
def test_tickets_that_were_never_issued(hub: Edge, query: str) -> None:
    assert opened(hub, query) == 401


def test_one_credential_at_a_time(hub: Edge) -> None:
    made = ticket(hub, token())
    assert opened(hub, f"ticket={made}", f"Authorization: Bearer {token()}") == 401
    assert opened(hub, f"ticket={made}&ticket={made}") == 401
    assert opened(hub, f"ticket={made}") == 101


def test_without_a_token_none_is_issued(hub: Edge) -> None:
    assert ask(hub).status == 401
    assert ask(hub, token(role="root")).status == 401


@pytest.mark.parametrize(
    ("asked_from", "opened_from", "status"),
    [
        (PAGE, PAGE, 101),
        (PAGE, OTHER, 401),
        (PAGE, None, 401),
        (PAGE, "https://a.example", 401),
        (None, PAGE, 101),
        (None, OTHER, 401),
        (None, None, 101),
        (OTHER, OTHER, 401),
        ("http://localhost", "http://localhost", 101),
    ],
)
def test_only_the_page_that_requested_it_can_use_it(
    hub: Edge, asked_from: str | None, opened_from: str | None, status: int
) -> None:
    made = ticket(hub, token(), **({"origin": asked_from} if asked_from else {}))
    assert opened(hub, f"ticket={made}", *([f"Origin: {opened_from}"] if opened_from else [])) == status


@pytest.mark.parametrize(
    ("origin", "ours"),
    [
        (None, True),
        ("https://hub.example:8443", True),
        ("https://HUB.example:8443", True),
        ("https://public.example", True),
        ("http://public.example", False),
        (PAGE, True),
        ("https://a.example", True),
        (f"https://a.example,{PAGE}", False),
        ("https://screen.example.evil", False),
        ("https://hub.example", False),
        ("https://hub.example:8443@evil.example", False),
        ("https://evil.example/hub.example:8443", False),
        ("ftp://hub.example:8443", False),
        ("null", False),
        ("https://", False),
        ("", False),
        ("http://[", False),
    ],
)
def test_the_origin_of_the_page(origin: str | None, ours: bool) -> None:
    settings = Settings(**SETTINGS, public_url="https://public.example/hub")  # type: ignore[arg-type]
    headers = {"host": "hub.example:8443", **({"origin": origin} if origin is not None else {})}
    assert own_page(settings, headers) is ours
    # Nothing is neither an allowed origin nor an address.
    assert not own_page(Settings(jwt_secret=SECRET), {"origin": ""})
    assert not own_page(Settings(jwt_secret=SECRET), {"origin": "https://", "host": ""})


def test_an_open_hub_has_tickets_too(hub: Edge) -> None:
    """A page does not need to know whether the hub is open."""
    settings = msgspec.structs.replace(hub.settings, jwt_secret="")
    with edge(settings) as running:
        made = ticket(running)
        assert opened(running, f"ticket={made}&subscribe=none") == 101
        assert opened(running, f"ticket={made}") == 401
        assert opened(running, "subscribe=none") == 101


def test_a_principal_revoked_meanwhile_is_refused(hub: Edge) -> None:
    made = ticket(hub, token(role="driver", driver="d"))
    directory = hub.node.identity.directory
    hub.call(lambda: directory.drivers.add(("f", "d")))
    try:
        assert opened(hub, f"ticket={made}") == 401
    finally:
        hub.call(directory.drivers.clear)


def test_the_ticket_is_in_no_log(hub: Edge, capfd: pytest.CaptureFixture[str]) -> None:
    made = ticket(hub, token())
    for query in (f"ticket={made}", f"ticket={made}", f"ticket={made}&x=%ff"):
        opened(hub, query)
    with Raw(hub.address) as raw:
        raw.send(handshake(f"/ws?ticket={made}").replace(b"Upgrade: websocket", b"Upgrade: rubbish"))
        raw.response()
    assert made not in "".join(capfd.readouterr())


def test_without_redis(tmp_path: Any) -> None:
    with asyncio.Runner() as runner:
        context = servers(Settings(data_dir=tmp_path, redis_appendfsync="everysec"))
        own: Services = runner.run(context.__aenter__())
        stopped = False
        try:
            settings = Settings(
                port=0,
                redis_url=own.settings.redis_url,
                database_url="postgresql://127.0.0.1:1/none",
                jwt_secret=SECRET,
            )
            with edge(settings) as hub:
                made = ticket(hub, token())
                runner.run(context.__aexit__(None, None, None))
                stopped = True
                assert (ask(hub, token()).status, opened(hub, f"ticket={made}")) == (503, 503)
                assert ask(hub, token()).headers["retry-after"] == "2"
        finally:
            if not stopped:
                runner.run(context.__aexit__(None, None, None))


def test_a_principal_survives_redis(hub: Edge) -> None:
    """With fleet, role, driver, subject, expiry and session."""
    whole = Principal("f", Role.DISPATCHER, "somebody", None, time.time() + 100, "a-session")

    async def there_and_back() -> Principal:
        made = await hub.node.identity.tickets.issue(whole, PAGE)
        return await hub.node.identity.tickets.redeem(made, PAGE)

    assert asyncio.run_coroutine_threadsafe(there_and_back(), hub.loop).result(PATIENCE) == whole
    until(lambda: hub.node.sockets.count == 0)
