"""A new token on an open socket: whose it may be, and that nothing which is wrong with it ends the connection."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec
import pytest

from hub.embedded.services import Services
from hub.identity.tokens import CLOCKS
from hub.settings import Settings
from tests.identity.test_tokens import SECRET, token
from tests.support.api.provider import AUDIENCE, ISSUER, Key, Provider, provider
from tests.support.peers import Peer
from tests.support.running import Edge, edge, until

SETTINGS = {"jwt_secret": SECRET}


def socket(hub: Edge, credential: str) -> Peer:
    return Peer(hub.address, headers=[f"Authorization: Bearer {credential}"])


def renewed(peer: Peer, new: Any) -> dict[str, Any]:
    peer.say({"type": "auth", "token": new})
    answer: dict[str, Any] = peer.hear()
    return answer


def short(seconds: float, **changes: Any) -> str:
    """A token that a connection outlives by ``seconds``."""
    end = int(time.time() + seconds) - CLOCKS
    return token(exp=end, iat=end - 60, **changes)


def test_a_connection_outlives_its_first_token(hub: Edge) -> None:
    end = int(time.time()) + 600
    with socket(hub, short(3)) as peer, socket(hub, short(3)) as other:
        answer = renewed(peer, token(exp=end, sid="another-login"))
        assert answer.keys() == {"type", "expiresAt"} and answer["type"] == "authenticated"
        assert datetime.fromisoformat(answer["expiresAt"]).timestamp() == end + CLOCKS
        assert other.closed() == (4001, "token_expired")
        assert peer.hear_all() == []
        (principal,) = {client.principal for client in hub.call(lambda: list(hub.node.hub.clients.values()))}
        assert (principal.expires, principal.session) == (end + CLOCKS, "another-login")


def test_what_it_watches_and_sends_goes_on(hub: Edge) -> None:
    with socket(hub, token(sub="screen")) as screen, socket(hub, token(role="driver", driver="d")) as driver:
        screen.say({"type": "subscribe", "id": "x", "all": True})
        assert [screen.hear()["type"] for _ in range(2)] == ["subscribed", "synced"]
        assert renewed(screen, token(sub="screen"))["type"] == "authenticated"
        assert renewed(driver, token(role="driver", driver="d"))["type"] == "authenticated"
        driver.say({"latitude": 1, "longitude": 2, "msgNo": 1})
        assert driver.hear() == {"type": "ack", "msgNo": 1}
        assert screen.hear()["driverId"] == "d"


@pytest.mark.parametrize(
    ("new", "code"),
    [
        ({"fleet": "g"}, "forbidden"),
        ({"role": "admin"}, "forbidden"),
        ({"sub": "another"}, "forbidden"),
        ({"driver": "other", "role": "driver"}, "forbidden"),
        ({"exp": 1, "iat": 0}, "unauthenticated"),
        ({"role": "root"}, "unauthenticated"),
    ],
)
def test_the_token_of_somebody_else(hub: Edge, new: dict[str, Any], code: str) -> None:
    before = token()
    with socket(hub, before) as peer:
        answer = renewed(peer, token(**new))
        assert (answer["type"], answer["code"], answer["field"]) == ("error", code, "token")
        assert peer.hear_all() == []
        (client,) = hub.call(lambda: list(hub.node.hub.clients.values()))
        assert (client.principal.fleet, client.principal.role, client.principal.subject) == (
            "f",
            "dispatcher",
            "somebody",
        )


@pytest.mark.parametrize("new", ["", "rubbish", "a.b.c", "x" * 60_000, "x" * 24 + ".", "é"])
def test_what_is_no_token(hub: Edge, new: str, capfd: pytest.CaptureFixture[str]) -> None:
    with socket(hub, token()) as peer:
        answer = renewed(peer, new)
        assert answer["code"] == "unauthenticated"
        assert len(new) < 6 or new not in str(answer)
        assert peer.hear_all() == []
    assert "Traceback" not in "".join(capfd.readouterr())


@pytest.mark.parametrize("message", [{"type": "auth"}, {"type": "auth", "token": 7}, {"type": "auth", "token": None}])
def test_what_is_no_such_request(hub: Edge, message: dict[str, Any]) -> None:
    with socket(hub, token()) as peer:
        peer.say(message)
        answer = peer.hear()
        assert (answer["code"], answer["field"]) == ("invalid", "token")


def test_a_phone_token_while_none_is_known(hub: Edge) -> None:
    """Not to be decided now, so not to be thrown away."""
    nowhere = msgspec.structs.replace(hub.settings, database_url="postgresql://127.0.0.1:1/nowhere")
    with edge(nowhere) as forgetful, socket(forgetful, token()) as peer:
        answer = renewed(peer, "x" * 24)
        assert (answer["code"], answer["field"], answer["retryMs"]) == ("unavailable", "token", 2_000)


def test_who_goes_away_before_the_answer(hub: Edge) -> None:
    with socket(hub, token()) as peer:
        peer.say({"type": "auth", "token": token()})
        peer.reset()
    until(lambda: not hub.node.renewals.tasks and not hub.node.hub.clients)


@pytest.fixture(scope="module")
def idp() -> Iterator[Provider]:
    with provider() as running:
        yield running


def test_with_a_key_that_has_to_be_fetched(services: Services, idp: Provider) -> None:
    old, new = Key("old", "EdDSA"), Key("new", "EdDSA")
    idp.serve(old)
    settings = Settings(
        port=0,
        redis_url=services.settings.redis_url,
        database_url="postgresql://127.0.0.1:1/none",
        jwks_url=idp.url,
        jwt_issuer=ISSUER,
        jwt_audience=AUDIENCE,
    )
    with edge(settings) as hub, socket(hub, old.token()) as peer:
        idp.serve(old, new)
        peer.say({"type": "auth", "token": new.token()})
        assert peer.hear_all() == []  # others are answered meanwhile
        assert peer.hear()["type"] == "authenticated"
