"""Alerts through the real apprise, to a receiver of its JSON format."""

from __future__ import annotations

import json
import sys

import pytest

from hub.notifier.send import services
from hub.settings import Settings
from hub.wire.notices.kinds import Apprise
from tests.support.notify.receivers import receiver as receiving
from tests.support.running import free_port
from tests.wire.notices.test_push import notice

ON = Settings(apprise="on")


async def test_the_service_gets_title_text_and_severity() -> None:
    async with receiving() as receiver:
        result = await services.send(ON, Apprise(f"json://127.0.0.1:{receiver.port}/"), notice())
        assert result.ok
        (arrived,) = receiver.arrived
        told = json.loads(arrived.body)
        assert (told["title"], told["type"]) == ("Left", "failure")
        assert "d has left Depot" in told["message"]


async def test_it_connects_nowhere_while_it_is_off() -> None:
    async with receiving() as receiver:
        result = await services.send(Settings(), Apprise(f"json://127.0.0.1:{receiver.port}/"), notice())
        assert not result.ok and "HUB_APPRISE" in result.error
        assert receiver.arrived == []


async def test_failures_tell_nothing_of_the_url(monkeypatch: pytest.MonkeyPatch) -> None:
    down = await services.send(ON, Apprise(f"json://user:hidden@127.0.0.1:{free_port()}/"), notice())
    unknown = await services.send(ON, Apprise("nonsense://hidden"), notice())
    assert not down.ok and "did not take" in down.error
    assert not unknown.ok and "does not know" in unknown.error
    assert "hidden" not in down.error + unknown.error
    monkeypatch.setitem(sys.modules, "apprise", None)
    missing = await services.send(ON, Apprise("json://127.0.0.1"), notice())
    assert "[notify]" in missing.error
