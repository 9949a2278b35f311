"""The body of a request, as the server hands it over: in any number of parts."""

from __future__ import annotations

import time
from typing import Any

import pytest
from starlette.requests import Request

from hub.edge.http.problems import Problem
from hub.edge.http.requests import DirectRequest, raw_body_of


def request(parts: list[bytes], *headers: tuple[bytes, bytes], cut: bool = False) -> Request:
    """A POST whose body comes in ``parts``; ``cut``: the client disconnects instead of sending the last one."""
    left: list[dict[str, Any]] = [
        {"type": "http.request", "body": part, "more_body": n < len(parts) - 1} for n, part in enumerate(parts)
    ]
    if cut:
        left[-1] = {"type": "http.disconnect"}
    messages = iter(left)

    async def receive() -> dict[str, Any]:
        return next(messages)

    return Request({"type": "http", "method": "POST", "headers": list(headers)}, receive)  # type: ignore[arg-type]


@pytest.mark.parametrize("parts", [[b""], [b"abc"], [b"a", b"", b"bc"], [bytes([n]) for n in range(256)]])
async def test_the_parts_are_joined(parts: list[bytes]) -> None:
    whole = b"".join(parts)
    assert await raw_body_of(request(parts), len(whole)) == whole


async def test_the_limit_is_reached_before_the_rest_is_read() -> None:
    for sent in (request([b"abc", b"d", b"never read"]), request([b""], (b"content-length", b"4"))):
        with pytest.raises(Problem) as refused:
            await raw_body_of(sent, 3)
        assert refused.value.status == 413


async def test_a_client_that_disconnects() -> None:
    with pytest.raises(Problem) as refused:
        await raw_body_of(request([b"a", b"b"], cut=True), 10)
    assert refused.value.status == 400


async def test_many_parts_cost_in_proportion() -> None:
    async def seconds(count: int) -> float:
        """Of CPU, the least of several: other processes disturb less."""
        taken = []
        for _ in range(4):
            sent = request([b"x"] * count)
            began = time.process_time()
            await raw_body_of(sent, count)
            taken.append(time.process_time() - began)
        return min(taken)

    few, many = await seconds(25_000), await seconds(200_000)
    assert many < few * 8 * 3, "eight times the parts cost more than three times their share"


async def test_a_body_that_is_whole_has_the_same_limit() -> None:
    plain = request([])
    direct = DirectRequest(plain.scope, plain.receive, plain._send, {}, b"abcd")
    assert await raw_body_of(direct, 4) == b"abcd"
    with pytest.raises(Problem) as refused:
        await raw_body_of(direct, 3)
    assert refused.value.status == 413
