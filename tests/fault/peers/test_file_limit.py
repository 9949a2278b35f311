"""Open files run out: new clients get 503, connected ones go on, the log says so, and it ends when files are free."""

from __future__ import annotations

import itertools
import os
import resource
import time
from collections.abc import Iterator
from contextlib import ExitStack

import msgspec
import pytest
import redis

from hub.edge.files import INTERVAL, RESERVED
from hub.logs import Action
from hub.settings import Settings
from tests.support.peers import Peer, Raw
from tests.support.running import Served, served, until

FULL = "/ws?subscribe=none"
FEW, PLENTY = 512, 2_000


@pytest.fixture
def hub(settings: Settings) -> Iterator[Served]:
    with served(msgspec.structs.replace(settings, log_format="json")) as running:
        # Until then it opens files and closes them again.
        until(lambda: ask(running, "/readyz")[1].startswith(b"ok\n"))
        yield running


def allow(hub: Served, files: int) -> None:
    _, hard = resource.prlimit(hub.process.pid, resource.RLIMIT_NOFILE)
    resource.prlimit(hub.process.pid, resource.RLIMIT_NOFILE, (files, hard))


def lowest_free(hub: Served) -> int:
    """The number that the next file gets."""
    numbers = set(os.listdir(f"/proc/{hub.process.pid}/fd"))
    return next(number for number in itertools.count() if str(number) not in numbers)


def said(hub: Served, action: Action) -> int:
    return hub.log.read_text().count(f'"{action}"')


def ask(hub: Served, path: str = "/livez") -> tuple[int, bytes]:
    """Status and body of an answer; 0 when the connection ends without one."""
    with Raw(hub.address) as raw:
        try:
            raw.send(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            answer = raw.response()
        except (EOFError, ConnectionError):
            return 0, b""
    return answer.status, answer.body


def acked(driver: Peer, number: int) -> bool:
    driver.say({"latitude": 1, "longitude": 2, "driverId": "d", "msgNo": number})
    return bool(driver.hear() == {"type": "ack", "msgNo": number})


def test_clients_get_503_and_the_hub_keeps_files_for_itself(hub: Served) -> None:
    with ExitStack() as crowd, Peer(hub.address, FULL) as driver:
        allow(hub, FEW)
        time.sleep(2 * INTERVAL)  # until the hub has read its new limit
        while lowest_free(hub) < FEW - RESERVED:
            crowd.enter_context(Raw(hub.address))
        status, body = ask(hub)
        assert (status, msgspec.json.decode(body)["detail"]) == (503, "the hub has no file descriptor left")
        until(lambda: said(hub, Action.FILES_EXHAUSTED))
        # Its own connections may break even now.
        with redis.Redis.from_url(hub.settings.redis_url) as client:
            client.client_kill_filter(_type="normal", skipme=True)
        assert acked(driver, 1)
    until(lambda: ask(hub)[0] == 200)
    until(lambda: said(hub, Action.FILES_AVAILABLE) == 1)
    assert said(hub, Action.FILES_EXHAUSTED) == 1


@pytest.mark.thorough
def test_without_any_file_left_the_log_says_so_and_it_serves_again_afterwards(hub: Served) -> None:
    with Peer(hub.address, FULL) as driver:
        before = lowest_free(hub)
        allow(hub, before - 4)
        until(lambda: said(hub, Action.FILES_EXHAUSTED), 10)
        # New connections are closed, or wait in the backlog: there is no descriptor to answer with.
        assert acked(driver, 1)
        allow(hub, before + PLENTY)
        until(lambda: ask(hub)[0] == 200)
        assert acked(driver, 2)
        until(lambda: said(hub, Action.FILES_AVAILABLE) == 1)
