"""The audit log: entries in the transaction of the change, filtered, in pages, and deleted when they are old."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import asyncpg
import pytest

from hub.core.audit import Actor, ActorKind, Audited
from hub.core.principal import Principal, Role
from hub.stores.postgres.accounts.users import add_user
from hub.stores.postgres.audit import AuditFilter, audit, audit_entries, expire_audit

ADMIN = Actor("f", ActorKind.TOKEN, "desk", "r-1")
NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


@pytest.fixture
async def connection(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(database_url)
    yield connection
    await connection.close()


async def test_an_entry_is_stored_with_the_change_or_not_at_all(connection: asyncpg.Connection) -> None:
    with pytest.raises(ZeroDivisionError):
        async with connection.transaction():
            await audit(connection, ADMIN, Audited.DRIVER_CREATED, "lost")
            raise ZeroDivisionError
    await audit(connection, ADMIN, Audited.VEHICLE_CHANGED, "van", fields=["plate"], driverId=None)
    (entry,) = await audit_entries(connection, "f", 10)
    assert (entry.actor_kind, entry.actor_id, entry.actor_name, entry.request_id) == ("token", "desk", None, "r-1")
    assert (entry.action, entry.kind, entry.subject_id) == ("vehicle.changed", "vehicle", "van")
    assert entry.details == {"fields": ["plate"], "driverId": None}
    assert await audit_entries(connection, "g", 10) == []


async def test_the_name_of_a_user_is_kept(connection: asyncpg.Connection) -> None:
    user = await add_user(connection, "f", "olga", "admin", "hash")
    actor = Actor.of(Principal("f", Role.ADMIN, str(user.user_id), session=str(uuid4())))
    await audit(connection, actor, Audited.DRIVER_DELETED, "d")
    await connection.execute("DELETE FROM users")
    (entry,) = await audit_entries(connection, "f", 10, AuditFilter(actor="olga"))
    assert (entry.actor_kind, entry.actor_id, entry.actor_name) == ("user", str(user.user_id), "olga")
    assert await audit_entries(connection, "f", 10, AuditFilter(actor=str(user.user_id))) == [entry]


@pytest.mark.parametrize(
    ("principal", "kind", "id"),
    [
        (Principal("f", Role.OPEN), "open", ""),
        (Principal("f", Role.ADMIN, "desk"), "token", "desk"),
        (Principal("f", Role.DRIVER, "phone:7", "d"), "phone_token", "7"),
        (Principal("f", Role.ADMIN, "not a uuid", session="s"), "user", "not a uuid"),
        (Principal("f", Role.ADMIN, "nul\0 \ud800"), "token", "nul ?"),
    ],
)
async def test_every_principal_is_an_actor(
    connection: asyncpg.Connection, principal: Principal, kind: str, id: str
) -> None:
    await audit(connection, Actor.of(principal, None), Audited.TRACK_EXPORTED, "d")
    (entry,) = await audit_entries(connection, "f", 10)
    assert (entry.actor_kind, entry.actor_id, entry.actor_name, entry.request_id) == (kind, id, None, None)


async def test_filters_and_pages(connection: asyncpg.Connection) -> None:
    for hour, action in enumerate((Audited.DRIVER_CREATED, Audited.DRIVER_CHANGED, Audited.USER_CREATED)):
        for subject in ("a", "b"):
            await audit(connection, ADMIN, action, subject)
            await connection.execute(
                "UPDATE audit SET happened_at = $1 WHERE id = (SELECT max(id) FROM audit)", NOON + timedelta(hours=hour)
            )

    async def found(**wanted: object) -> list[tuple[str, str]]:
        entries = await audit_entries(connection, "f", 10, AuditFilter(**wanted))  # type: ignore[arg-type]
        return [(entry.action, entry.subject_id) for entry in entries]

    assert len(await found()) == 6
    assert await found(kind="user") == [("user.created", "b"), ("user.created", "a")]
    assert await found(action="driver.changed", subject_id="a") == [("driver.changed", "a")]
    assert await found(since=NOON + timedelta(hours=1), until=NOON + timedelta(hours=2), subject_id="b") == [
        ("driver.changed", "b")
    ]
    assert await found(actor="someone else") == []
    pages, after = [], None
    while page := await audit_entries(connection, "f", 4, after=after):
        pages += page
        after = page[-1].happened_at, page[-1].id
    assert pages == await audit_entries(connection, "f", 10)


async def test_old_entries_expire_a_few_at_a_time(connection: asyncpg.Connection) -> None:
    for subject in ("old-1", "old-2", "new"):
        await audit(connection, ADMIN, Audited.DRIVER_CREATED, subject)
    await connection.execute("UPDATE audit SET happened_at = $1 WHERE subject_id LIKE 'old%'", NOON)
    await expire_audit(connection, NOON + timedelta(days=1), 1)
    assert len(await audit_entries(connection, "f", 10)) == 2
    await expire_audit(connection, NOON + timedelta(days=1), 10)
    assert [entry.subject_id for entry in await audit_entries(connection, "f", 10)] == ["new"]
