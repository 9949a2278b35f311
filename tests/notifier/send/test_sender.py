"""Every kind of channel from the outbox to its receiver."""

from __future__ import annotations

import contextlib
import hashlib
import json
from typing import Any
from uuid import uuid4

import msgspec
import pytest
from aiohttp import web
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from hub.clock import SYSTEM
from hub.edge.api.alerts.secrets import rotated
from hub.settings import Settings
from hub.stores.postgres.alerts import channels
from hub.stores.seal import seal_of
from hub.wire.notices.kinds import Secrets
from tests.support.logbook import fetch, until, value
from tests.support.notify.notifiers import (
    SECRET,
    channel,
    connected,
    for_channels,
    notifying,
    put_deliveries,
    states,
)
from tests.support.notify.receivers import receiver
from tests.wire.notices.test_push import FakeBrowser


async def done(settings: Settings) -> None:
    async def nothing_left() -> bool:
        return "pending" not in await states(settings)

    await until(nothing_left)


async def test_a_webhook_verifies(settings: Settings) -> None:
    settings = for_channels(settings)
    async with receiver() as found:
        id = await channel(settings, config={"url": f"{found.url}hook?a=b"})
        await put_deliveries(settings, id, ["d"])
        async with notifying(settings):
            await done(settings)
        (one,) = found.arrived
        assert Webhook(SECRET).verify(one.body, one.headers) == one.event
        assert (one.path, one.event["id"]) == ("/hook", one.headers["webhook-id"])


async def test_every_body_verifies_while_the_secret_is_rotated(settings: Settings) -> None:
    """N4: with the old secret everything that is sent before and after the rotation, with the new one what follows."""
    settings = for_channels(settings)
    seal = seal_of(settings)
    async with receiver() as found, notifying(settings):
        id = await channel(settings, config={"url": found.url})
        old = SECRET
        for _ in range(3):
            await put_deliveries(settings, id, [f"d{n % 7}" for n in range(40)])
            sealed = await value(settings, "SELECT sealed FROM channels WHERE id = $1", id)
            secrets = rotated(msgspec.json.decode(seal.open(sealed, str(id)), type=Secrets), SYSTEM.now())
            sealed = seal.close(msgspec.json.encode(secrets), str(id))
            await fetch(settings, "UPDATE channels SET sealed = $2 WHERE id = $1", id, sealed)

            new = secrets.keys[0].secret

            async def signed_by_the_new_one(new: str = new) -> bool:
                await put_deliveries(settings, id, ["last"])
                await done(settings)
                last = found.arrived[-1]
                with contextlib.suppress(WebhookVerificationError):
                    return bool(Webhook(new).verify(last.body, last.headers) == last.event)
                return False

            await until(signed_by_the_new_one)
            assert found.arrived[-1].headers["webhook-signature"].count("v1,") == 2
            assert len(found.arrived) > 40
            for one in found.arrived:
                assert Webhook(old).verify(one.body, one.headers) == one.event
            old = new
            found.arrived.clear()


async def test_secrets_of_before_a_rotation_are_sealed_with_the_present_one(settings: Settings) -> None:
    before = for_channels(settings, channel_secret="", jwt_secret="the first secret of at least 32 bytes")
    after = msgspec.structs.replace(
        before, jwt_secret="the next secret of at least 32 bytes.", jwt_secret_previous=before.jwt_secret
    )
    async with receiver() as found:
        id = await channel(before, config={"url": found.url})
        await put_deliveries(before, id, ["d"])
        async with notifying(after):
            await done(after)
        assert Webhook(SECRET).verify(found.arrived[0].body, found.arrived[0].headers)
    sealed = await value(settings, "SELECT sealed FROM channels")
    assert seal_of(msgspec.structs.replace(after, jwt_secret_previous="")).open(sealed, str(id))


@pytest.mark.parametrize(
    ("kind", "config", "path"),
    [
        ("slack", {"url": "{url}services/x"}, "/services/x"),
        ("discord", {"url": "{url}api/x"}, "/api/x"),
        ("teams", {"url": "{url}t"}, "/t"),
        ("telegram", {"chat": "1", "token": "1:abc", "server": "{url}"}, "/bot1:abc/sendMessage"),
        ("ntfy", {"url": "{url}topic", "token": "tk"}, "/topic"),
    ],
)
async def test_chats(settings: Settings, kind: str, config: dict[str, str], path: str) -> None:
    settings = for_channels(settings)
    async with receiver() as found:
        filled = {name: text.format(url=found.url) for name, text in config.items()}
        id = await channel(settings, kind, filled)
        await put_deliveries(settings, id, ["", ""], text="Hello Depot")
        async with notifying(settings):
            await done(settings)
        assert [one.path for one in found.arrived] == [path] * 2
        assert b"Hello Depot" in found.arrived[0].body


async def test_browsers_get_their_messages_and_one_that_is_gone_is_removed(settings: Settings) -> None:
    settings = for_channels(settings)
    browser, gone = FakeBrowser(), FakeBrowser()
    async with receiver() as found:

        async def service(path: str, event: Any) -> int | web.StreamResponse:
            return 410 if path == "/gone" else 201

        found.answer = service
        id = await channel(settings, "webpush")
        lanes = []
        async with connected(settings) as connection:
            for path, one in (("here", browser), ("gone", gone)):
                subscription = msgspec.structs.replace(one.subscription, endpoint=f"{found.url}{path}")
                key, digest = uuid4(), hashlib.sha256(path.encode()).digest()
                sealed = seal_of(settings).close(msgspec.json.encode(subscription), str(key))
                await channels.subscribe(connection, "default", id, digest, "user", key, sealed)
                lanes.append(str(key))
        await put_deliveries(settings, id, [lanes[0], lanes[1], lanes[1]], text="Hello Depot")
        async with notifying(settings):
            await done(settings)
        (one,) = [one for one in found.arrived if one.path == "/here"]
        assert json.loads(browser.read(one.body))["text"] == "Hello Depot"
        assert one.headers["authorization"].startswith("vapid t=") and one.headers["content-encoding"] == "aes128gcm"
    assert await states(settings) == {"sent": 1, "skipped": 2}
    assert await value(settings, "SELECT count(*) FROM push_subscriptions") == 1
    assert await value(settings, "SELECT state FROM channels") == "active"


async def test_an_e_mail_without_a_server_says_so(settings: Settings) -> None:
    settings = for_channels(settings)
    id = await channel(settings, "email", {"to": ["a@b.example"]})
    await put_deliveries(settings, id, [""])
    async with notifying(settings):

        async def failed() -> bool:
            return bool(await value(settings, "SELECT attempts FROM deliveries"))

        await until(failed)
    assert "HUB_SMTP_URL" in await value(settings, "SELECT last_error FROM deliveries")
