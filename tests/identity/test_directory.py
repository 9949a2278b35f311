"""Revocation: the copy of drivers, users, sessions and phone tokens, and how soon it has a change."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import itertools
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from hub.core.principal import Principal, Role
from hub.embedded.services import Services
from hub.identity.directory import Directory
from hub.identity.tokens import Unauthenticated, Undecided
from hub.settings import Settings
from hub.stores.postgres.accounts.access import CHUNK
from tests.identity.test_tokens import SECRET, token
from tests.support.api.calls import get, post
from tests.support.api.fleets import hub_with
from tests.support.peers import Peer, Raw, handshake
from tests.support.running import Edge, edge, until

FIX = {"latitude": 1, "longitude": 2}
_numbers = itertools.count()


class Fleet:
    """Rows as the API writes them, and a hub that follows them."""

    def __init__(self, hub: Edge) -> None:
        self.hub = hub

    def execute(self, statement: str, *values: object) -> Any:
        async def run() -> Any:
            connection = await asyncpg.connect(self.hub.settings.database_url)
            try:
                return await connection.fetchval(statement, *values)
            finally:
                await connection.close()

        return asyncio.run(run())

    def driver(self) -> str:
        name = f"driver-{next(_numbers)}"
        self.execute("INSERT INTO drivers (fleet, driver_id) VALUES ('f', $1)", name)
        return name

    def phone_token(self, driver: str) -> str:
        made = f"phone-token-number-{next(_numbers):05}"
        self.execute("INSERT INTO phone_tokens (fleet, driver_id, hash) VALUES ('f', $1, $2)", driver, hash_of(made))
        until(lambda: hash_of(made) in self.hub.node.identity.directory.phones)
        return made

    def user(self) -> tuple[str, str]:
        """(user, session)."""
        name = f"user-{next(_numbers)}"
        user = self.execute(
            "INSERT INTO users (fleet, username, role, password_hash) VALUES ('f', $1, 'dispatcher', '') "
            "RETURNING id::text",
            name,
        )
        session = self.execute(
            "INSERT INTO sessions (user_id, expires_at) VALUES ($1::text::uuid, now() + '1 day') RETURNING id::text",
            user,
        )
        until(lambda: user in self.hub.node.identity.directory.users)
        return user, session

    def key(self, role: str = "gateway", expires_in: float | None = None) -> str:
        made = f"hub_{next(_numbers):043}"
        self.execute(
            "INSERT INTO api_keys (fleet, hash, prefix, role, name, expires_at) "
            "VALUES ('f', $1, 'hub_', $2, 'test', now() + make_interval(secs => $3))",
            hash_of(made),
            role,
            expires_in,
        )
        until(lambda: hash_of(made) in self.hub.node.identity.directory.keys)
        return made


def hash_of(made: str) -> bytes:
    return hashlib.sha256(made.encode()).digest()


@pytest.fixture(scope="module")
def fleet(services: Services, template: str) -> Iterator[Fleet]:
    with hub_with(services, template, "directory", history_timeout=5.0) as hub:
        until(lambda: hub.node.identity.directory.loaded)
        yield Fleet(hub)


def open_socket(hub: Edge, credential: str) -> Peer:
    peer = Peer(hub.address, headers=[f"Authorization: Bearer {credential}"])
    peer.say({"type": "ping"})
    assert peer.hear() == {"type": "pong"}
    return peer


def status_of_handshake(hub: Edge, credential: str) -> int:
    with Raw(hub.address) as raw:
        raw.send(handshake(headers=[f"Authorization: Bearer {credential}"]))
        return raw.response().status


Case = tuple[str, Callable[[], object], Callable[[], object] | None]


def disabled_driver(fleet: Fleet) -> Case:
    driver = fleet.driver()
    return (
        token(role="driver", driver=driver),
        lambda: fleet.execute("UPDATE drivers SET disabled = true WHERE driver_id = $1", driver),
        lambda: fleet.execute("UPDATE drivers SET disabled = false WHERE driver_id = $1", driver),
    )


def phone_of_a_disabled_driver(fleet: Fleet) -> Case:
    driver = fleet.driver()
    return (
        fleet.phone_token(driver),
        lambda: fleet.execute("UPDATE drivers SET disabled = true WHERE driver_id = $1", driver),
        lambda: fleet.execute("UPDATE drivers SET disabled = false WHERE driver_id = $1", driver),
    )


def deleted_phone_token(fleet: Fleet) -> Case:
    made = fleet.phone_token(fleet.driver())
    return made, lambda: fleet.execute("DELETE FROM phone_tokens WHERE hash = $1", hash_of(made)), None


def deleted_driver(fleet: Fleet) -> Case:
    driver = fleet.driver()
    return fleet.phone_token(driver), lambda: fleet.execute("DELETE FROM drivers WHERE driver_id = $1", driver), None


def disabled_user(fleet: Fleet) -> Case:
    user, session = fleet.user()
    return (
        token(sub=user, sid=session),
        lambda: fleet.execute("UPDATE users SET disabled = true WHERE id = $1::text::uuid", user),
        lambda: fleet.execute("UPDATE users SET disabled = false WHERE id = $1::text::uuid", user),
    )


def deleted_user(fleet: Fleet) -> Case:
    user, session = fleet.user()
    return (
        token(sub=user, sid=session),
        lambda: fleet.execute("DELETE FROM users WHERE id = $1::text::uuid", user),
        None,
    )


def ended_session(fleet: Fleet) -> Case:
    user, session = fleet.user()
    return (
        token(sub=user, sid=session),
        lambda: fleet.execute("UPDATE sessions SET ended_at = now() WHERE id = $1::text::uuid", session),
        None,
    )


def deleted_key(fleet: Fleet) -> Case:
    made = fleet.key()
    return made, lambda: fleet.execute("DELETE FROM api_keys WHERE hash = $1", hash_of(made)), None


def revoked_token(fleet: Fleet) -> Case:
    id = fleet.execute(
        "INSERT INTO issued_tokens (id, fleet, role, expires_at) "
        "VALUES (gen_random_uuid(), 'f', 'gateway', now() + interval '1 hour') RETURNING id::text"
    )
    return (
        token(role="gateway", jti=id),
        lambda: fleet.execute("UPDATE issued_tokens SET revoked_at = now() WHERE id = $1::text::uuid", id),
        None,
    )


@pytest.mark.parametrize(
    "case",
    [
        disabled_driver,
        phone_of_a_disabled_driver,
        deleted_phone_token,
        deleted_driver,
        disabled_user,
        deleted_user,
        ended_session,
        deleted_key,
        revoked_token,
    ],
)
def test_a_socket_ends_and_no_new_one_opens(fleet: Fleet, case: Callable[[Fleet], Case]) -> None:
    hub = fleet.hub
    credential, revoke, restore = case(fleet)
    # Twice, so that the second request finds a signature that was verified before.
    assert {get(hub, "/api/v1/auth/me", credential).status for _ in range(2)} == {200}
    with open_socket(hub, credential) as peer, open_socket(hub, token()) as other:
        revoke()
        assert peer.closed() == (4501, "revoked")
        assert other.hear_all() == []  # nobody else has to leave
    assert status_of_handshake(hub, credential) == 401
    assert get(hub, "/api/v1/drivers", credential).status == 401
    assert post(hub, "/api/v1/location", FIX, credential).status == 401
    if restore is not None:
        restore()
        until(lambda: status_of_handshake(hub, credential) == 101)


def test_a_user_that_was_never_read_is_deleted(fleet: Fleet) -> None:
    """The user exists for less time than it takes to read the table again."""
    user = "00000000-0000-4000-8000-000000000001"
    fleet.execute(
        "DO $$ BEGIN INSERT INTO users (id, fleet, username, role, password_hash) "
        f"VALUES ('{user}', 'f', 'brief', 'dispatcher', ''); DELETE FROM users WHERE id = '{user}'; END $$"
    )
    until(lambda: user in fleet.hub.node.identity.directory.departed)


def test_another_session_of_the_user_stays_open(fleet: Fleet) -> None:
    user, session = fleet.user()
    other = str(uuid4())
    with open_socket(fleet.hub, token(sub=user, sid=other)) as peer:
        fleet.execute("UPDATE sessions SET ended_at = now() WHERE id = $1::text::uuid", session)
        until(lambda: session in fleet.hub.node.identity.directory.sessions)
        assert peer.hear_all() == []


def test_a_driver_with_the_same_id_in_another_fleet_stays_connected(fleet: Fleet) -> None:
    driver = fleet.driver()
    with open_socket(fleet.hub, token(role="driver", driver=driver, fleet="g")) as peer:
        fleet.execute("UPDATE drivers SET disabled = true WHERE driver_id = $1", driver)
        until(lambda: ("f", driver) in fleet.hub.node.identity.directory.drivers)
        assert peer.hear_all() == []


def test_it_follows_again_after_its_connection_was_cut(fleet: Fleet) -> None:
    directory = fleet.hub.node.identity.directory
    fleet.execute("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'hub access'")
    made = fleet.phone_token(fleet.driver())
    fleet.execute("DELETE FROM phone_tokens WHERE hash = $1", hash_of(made))
    # The deletion may be read while the other tables, on the new connection, are not.
    until(lambda: directory.current and hash_of(made) not in directory.phones)


def test_an_api_key_is_accepted_everywhere(fleet: Fleet) -> None:
    hub, gateway, dispatcher = fleet.hub, fleet.key(), fleet.key("dispatcher")
    assert post(hub, "/api/v1/location", {**FIX, "driverId": "by-key"}, gateway).json["accepted"] == 1
    assert get(hub, "/osmand?id=by-key&lat=1&lon=2", gateway).status == 200
    basic = base64.b64encode(f"anyone:{gateway}".encode()).decode()
    assert get(hub, "/osmand?id=by-key&lat=1&lon=2", authorization=f"Basic {basic}").status == 200
    assert get(hub, "/api/v1/drivers", gateway).status == 403
    assert get(hub, "/api/v1/drivers", dispatcher).status == 200
    assert post(hub, "/api/v1/location", {**FIX, "driverId": "by-key"}, dispatcher).status == 403
    assert get(hub, "/api/v1/keys", dispatcher).status == 403
    me = get(hub, "/api/v1/auth/me", dispatcher).json
    assert (me["role"], me["fleet"], me["username"], me["expiresAt"]) == ("dispatcher", "f", None, None)
    with Peer(hub.address, headers=[f"Sec-WebSocket-Protocol: hub.v1, bearer.{dispatcher}"]) as screen:
        screen.say({"type": "subscribe", "id": "x", "drivers": ["by-key"]})
        assert screen.hear()["count"] == 1


def test_an_expired_api_key(fleet: Fleet) -> None:
    hub, key = fleet.hub, fleet.key(expires_in=2.0)
    with open_socket(hub, key) as peer:
        assert peer.closed() == (4001, "token_expired")
    answer = get(hub, "/api/v1/auth/me", key)
    assert (answer.status, answer.json["detail"]) == (401, "the API key has expired")


@pytest.mark.parametrize("wrong", [f"hub_{'x' * 43}", f"hub_{'x' * 42}", f"hub_{'x' * 900}"])
def test_an_unknown_api_key(fleet: Fleet, wrong: str, capfd: pytest.CaptureFixture[str]) -> None:
    answer = get(fleet.hub, "/api/v1/auth/me", wrong)
    assert (answer.status, answer.json["detail"]) == (401, "the API key is not valid")
    assert status_of_handshake(fleet.hub, wrong) == 401
    assert wrong not in "".join(capfd.readouterr())


def test_a_token_of_another_id_stays_valid(fleet: Fleet) -> None:
    """So do tokens that were never registered: those of older hubs, and of programs that have the secret."""
    _, revoke, _ = revoked_token(fleet)
    revoke()
    until(lambda: fleet.hub.node.identity.directory.revoked)
    for id in (None, str(uuid4()), "another form", "x" * 500):
        assert get(fleet.hub, "/api/v1/drivers", token(jti=id)).status == 200


def test_a_phone_token_is_accepted_everywhere(fleet: Fleet) -> None:
    hub, driver = fleet.hub, fleet.driver()
    made = fleet.phone_token(driver)
    assert get(hub, f"/t/{made}?lat=1&lon=2").status == 200
    assert get(hub, "/osmand?lat=1&lon=2", made).status == 200
    assert post(hub, "/api/v1/location", FIX, made).json["accepted"] == 1
    with Peer(hub.address, headers=[f"Sec-WebSocket-Protocol: hub.v1, bearer.{made}"]) as peer:
        peer.say({**FIX, "msgNo": 1})
        assert peer.hear() == {"type": "ack", "msgNo": 1}
        peer.say({**FIX, "driverId": "another", "msgNo": 2})
        assert peer.hear()["code"] == "forbidden"
    assert driver in hub.node.hub.fleet("f").latest
    # It is a driver's: it reads only its own.
    assert get(hub, "/api/v1/drivers", made).status == 403


@pytest.mark.parametrize("wrong", ["x" * 24, "x" * 19, "x" * 41, "-" * 20, "phone-token-number-00000."])
def test_an_unknown_phone_token(fleet: Fleet, wrong: str, capfd: pytest.CaptureFixture[str]) -> None:
    before = fleet.hub.node.hub.seq
    assert get(fleet.hub, f"/t/{wrong}?lat=1&lon=2").status == 401
    assert status_of_handshake(fleet.hub, wrong) == 401
    assert fleet.hub.node.hub.seq == before
    assert wrong not in "".join(capfd.readouterr())


def test_without_a_first_copy_phone_tokens_are_undecided() -> None:
    """A phone must not give up while PostgreSQL is unavailable; signed tokens are accepted."""

    async def ask() -> None:
        directory = Directory(Settings(jwt_secret=SECRET))
        with pytest.raises(Undecided):
            directory.phone("x" * 24)
        with pytest.raises(Undecided):
            directory.key(f"hub_{'x' * 43}")
        key = Principal("f", Role.GATEWAY, "key:1", credential="key:1")
        assert directory.refusal(Principal("f", Role.DRIVER, "phone:1", "d")) is None
        assert directory.refusal(key) is None
        directory.loaded = True
        with pytest.raises(Unauthenticated):
            directory.phone("x" * 24)
        assert directory.refusal(Principal("f", Role.DRIVER, "phone:1", "d")) is not None
        assert directory.refusal(key) is not None

    asyncio.run(ask())


def test_without_postgresql(services: Services) -> None:
    settings = Settings(
        port=0, redis_url=services.settings.redis_url, database_url="postgresql://127.0.0.1:1/none", jwt_secret=SECRET
    )
    with edge(settings) as hub:
        for answer in (get(hub, f"/t/{'x' * 24}?lat=1&lon=2"), post(hub, "/api/v1/location", FIX, "x" * 24)):
            assert (answer.status, answer.headers["retry-after"]) == (503, "2")
        assert status_of_handshake(hub, "x" * 24) == 503
        with open_socket(hub, token(role="driver", driver="d")) as peer:
            peer.say({**FIX, "msgNo": 1})
            assert peer.hear() == {"type": "ack", "msgNo": 1}


@pytest.mark.thorough
async def test_a_hundred_thousand_phone_tokens(database_url: str) -> None:
    """They are read twice without blocking the event loop: each turn of the loop reads a small part."""
    connection = await asyncpg.connect(database_url)
    await connection.execute(
        "INSERT INTO drivers (fleet, driver_id) SELECT 'f', 'd' || n FROM generate_series(1, 20000) n"
    )
    await connection.execute(
        "INSERT INTO phone_tokens (fleet, driver_id, hash) "
        "SELECT 'f', 'd' || (n % 20000 + 1), sha256(n::text::bytea) FROM generate_series(1, 100000) n"
    )
    directory = Directory(Settings(jwt_secret=SECRET, database_url=database_url))
    grown: list[int] = []

    async def watch() -> None:
        while True:
            before = len(directory.phones)
            await asyncio.sleep(0)
            grown.append(len(directory.phones) - before)

    watching, following = asyncio.create_task(watch()), asyncio.create_task(directory.run())
    try:
        async with asyncio.timeout(60):
            while not directory.loaded:  # noqa: ASYNC110
                await asyncio.sleep(0.001)
            assert len(directory.phones) == 100_000
            await connection.execute("DELETE FROM phone_tokens WHERE driver_id = 'd7'")
            while len(directory.phones) != 99_995:  # noqa: ASYNC110
                await asyncio.sleep(0.001)
        assert directory.phone_subjects == {f"phone:{phone.id}" for phone in directory.phones.values()}
        assert max(grown) <= CHUNK
    finally:
        for task in (watching, following):
            task.cancel()
        await asyncio.gather(watching, following, return_exceptions=True)
        await connection.close()


class Followed:
    """A copy that fails once on a change."""

    def __init__(self) -> None:
        self.reads: list[list[str] | None] = []
        self.fails = False

    async def read(self, connection: asyncpg.Connection, changes: list[str] | None) -> None:
        if self.fails:
            self.fails = False
            raise TimeoutError
        self.reads.append(changes)


async def test_a_copy_reads_all_first_then_changes_and_all_again_after_an_error(settings: Settings) -> None:
    directory, followed = Directory(settings), Followed()
    directory.follow("things", followed)
    task = asyncio.create_task(directory.run())
    connection = await asyncpg.connect(settings.database_url)

    async def notify(*texts: str) -> None:
        async with connection.transaction():
            for text in texts:
                await connection.execute("SELECT pg_notify('hub_access', $1)", text)

    async def until_read(count: int) -> None:
        async with asyncio.timeout(60):
            while len(followed.reads) < count:  # noqa: ASYNC110 - a copy has no event
                await asyncio.sleep(0.01)

    try:
        await until_read(1)
        await notify("things a b", "things c", "other d", "thingsome e")
        await until_read(2)
        followed.fails = True
        await notify("things f")
        await until_read(3)
        assert followed.reads == [None, ["a b", "c"], None]
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await connection.close()
