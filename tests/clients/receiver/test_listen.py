"""``hub listen`` verifies and prints what it receives."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest

from clients.receiver.listen import Receiver, listen, say
from hub.wire.notices.notice import cloud_event
from hub.wire.notices.signatures import secret_text, sign
from tests.wire.notices.test_push import notice

SECRET = secret_text(b"s" * 32)


@asynccontextmanager
async def listening(*options: str) -> AsyncIterator[tuple[str, asyncio.StreamReader]]:
    """The URL and the output of the command."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "hub", "listen", "--port", "0", *options,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE, env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )  # fmt: skip
    assert process.stdout is not None and process.stderr is not None
    try:
        async with asyncio.timeout(60):
            line = (await process.stderr.readline()).decode()
        yield line.split()[-1], process.stdout
        process.terminate()
        async with asyncio.timeout(60):
            assert await process.wait() == 0
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def post(url: str, body: bytes, headers: dict[str, str]) -> int:
    async with aiohttp.ClientSession() as session, session.post(url, data=body, headers=headers) as answer:
        return answer.status


async def test_it_prints_verifies_and_tells_repeats() -> None:
    body = cloud_event(notice(lane="d", sequence=7, missed=2))
    async with listening("--secret", SECRET) as (url, output):
        headers = sign([SECRET], notice().id, int(time.time()), body)
        assert await post(url, body, headers) == 204
        first = (await output.readline()).decode(), (await output.readline()).decode()
        assert "hub.alert.opened  drivers/d  d has left Depot" in first[0]
        assert "d #7, 2 before it were not delivered  (signature valid)" in first[1]
        assert await post(f"{url}any/path", body, headers) == 204
        await output.readline()
        assert "(signature valid, repeated)" in (await output.readline()).decode()
        assert await post(url, body + b" ", headers) == 401
        assert "REFUSED  webhook-signature" in (await output.readline()).decode()
        assert await post(url, body, {}) == 401
        assert "is missing" in (await output.readline()).decode()


async def test_without_a_secret_it_prints_what_arrives() -> None:
    async with listening("--status", "500", "--json") as (url, output):
        assert await post(url, b'{"a": "\xc3\xbc"}', {}) == 500
        assert json.loads(await output.readline()) == {"a": "ü"}
        assert await post(url, b"\xff", {}) == 500
        assert "1 bytes that are not JSON (unsigned)" in (await output.readline()).decode()


def test_a_sender_cannot_control_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    say("a\x1b[2Jb\r\nc")
    assert capsys.readouterr().out == "a[2Jbc\n"


async def test_a_secret_that_is_invalid_is_refused() -> None:
    with pytest.raises(ValueError, match="must be base64"):
        Receiver("whsec_ü", 204, False)
    with pytest.raises(ValueError, match="must be base64"):
        await listen("127.0.0.1", 0, secret="x")
