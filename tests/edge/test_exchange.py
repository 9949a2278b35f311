"""What is written for an answer is what uvicorn would write, and what uvicorn refuses is refused."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import pytest
from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from hub.edge.exchange import Exchange

Message = dict[str, Any]


class Written(asyncio.Transport):
    def __init__(self) -> None:
        super().__init__()
        self.data, self.closed = b"", False

    def write(self, data: Any) -> None:
        self.data += data

    def close(self) -> None:
        self.closed = True

    def is_closing(self) -> bool:
        return self.closed


def start(*headers: tuple[bytes, bytes], status: int = 200) -> Message:
    return {"type": "http.response.start", "status": status, "headers": list(headers)}


def body(data: bytes = b"", more: bool = False) -> Message:
    return {"type": "http.response.body", "body": data, "more_body": more}


FIVE = (b"content-length", b"5")

ANSWERS: dict[str, list[Message]] = {
    "usual": [start((b"content-type", b"text/plain"), FIVE), body(b"hello")],
    "two pieces": [start(FIVE), body(b"he", True), body(b"llo")],
    "an empty piece at the end": [start(FIVE), body(b"hello", True), body()],
    "an empty body": [start((b"content-length", b"0")), body()],
    "no content": [start(status=204), body()],
    "of unknown length": [start(), body(b"hello", True), body(b" you"), body()],
    "in chunks": [start((b"transfer-encoding", b"chunked")), body(b"hello")],
    "that closes": [start(FIVE, (b"connection", b"close")), body(b"hello")],
    "too long": [start(FIVE), body(b"hello!")],
    "too short": [start(FIVE), body(b"hell")],
    "sent twice": [start(FIVE), body(b"hello"), body(b"hello")],
    "started twice": [start(FIVE), start(FIVE)],
    "without a start": [body(b"hello")],
    "a tab": [start(FIVE, (b"x", b"a\tb")), body(b"hello")],
    "two lines in a value": [start(FIVE, (b"x", b"a\r\nset-cookie: b")), body(b"hello")],
    "half a line end": [start(FIVE, (b"x", b"a\nb")), body(b"hello")],
    "the other half": [start(FIVE, (b"x", b"a\rb")), body(b"hello")],
    "zero": [start(FIVE, (b"x", b"a\0b")), body(b"hello")],
    "both halves apart": [start(FIVE, (b"x", b"\n"), (b"y", b"\r")), body(b"hello")],
}


async def sent(kind: type[RequestResponseCycle], answer: list[Message], method: str, keep_alive: bool) -> Any:
    transport, ended = Written(), list[None]()
    cycle = kind(
        scope={"method": method},  # type: ignore[typeddict-item]
        transport=transport,
        flow=FlowControl(transport),
        logger=logging.getLogger(),
        access_logger=logging.getLogger(),
        access_log=False,
        default_headers=[(b"date", b"today")],
        message_event=asyncio.Event(),
        expect_100_continue=False,
        keep_alive=keep_alive,
        on_response=lambda: ended.append(None),
    )
    refusal = ""
    try:
        for message in answer:
            await cycle.send(dict(message))  # type: ignore[arg-type]
    except RuntimeError as error:
        refusal = str(error)
    return transport.data, transport.closed, len(ended), cycle.response_complete, refusal


@pytest.mark.parametrize("keep_alive", [True, False])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("name", ANSWERS)
async def test_it_writes_what_uvicorn_writes(name: str, method: str, keep_alive: bool) -> None:
    ours = await sent(Exchange, ANSWERS[name], method, keep_alive)
    assert ours == await sent(RequestResponseCycle, ANSWERS[name], method, keep_alive)
