"""Large answers in pieces: one piece in a turn of the loop, whichever requests wait."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from typing import Any

from hub.edge.http.pieces import PIECE, SHORT, Pieces, Slices


async def test_two_answers_take_turns() -> None:
    slices = Slices()
    made: list[str] = []

    def encoder(name: str) -> Any:
        def encode(items: Sequence[int]) -> bytes:
            made.append(name)
            return name.encode() * len(items)

        return encode

    items = list(range(3 * PIECE))
    first, second = await asyncio.gather(slices.encode(items[:], encoder("a")), slices.encode(items[:], encoder("b")))
    assert made == ["a", "b"] * 3
    assert b"".join(first) == b"a" * len(items)
    assert b"".join(second) == b"b" * len(items)


async def test_items_that_take_long_are_few_in_a_turn() -> None:
    """Each of these takes a whole turn, and the loop runs between two of them."""
    slices, seen, turns = Slices(), list[tuple[int, int]](), 0

    async def count() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    def act(item: int) -> None:
        time.sleep(SHORT)
        seen.append((item, turns))

    counting = asyncio.create_task(count())
    await slices.each(range(5), act)
    counting.cancel()
    assert [item for item, _ in seen] == list(range(5))
    assert len({turn for _, turn in seen}) == 5
    await slices.each([], act)
    assert len(seen) == 5


async def test_the_loop_runs_between_two_pieces_of_many_answers() -> None:
    slices = Slices()
    made: list[int] = []
    between: list[int] = []

    def encode(items: Sequence[int]) -> bytes:
        made.append(len(items))
        return b"x"

    answers = asyncio.gather(*(slices.encode(list(range(5 * PIECE)), encode) for _ in range(20)))
    while not answers.done():
        before = len(made)
        await asyncio.sleep(0)
        between.append(len(made) - before)
    assert len(made) == 100
    assert max(between) == 1


async def test_items_are_freed_with_their_piece() -> None:
    slices = Slices()
    items = list(range(3 * PIECE))
    left: list[int] = []

    def encode(piece: Sequence[int]) -> bytes:
        left.append(len(items))
        return b"x"

    await slices.encode(items, encode)
    assert left == [3 * PIECE, 2 * PIECE, PIECE]
    assert items == []


async def test_an_error_in_a_piece_lets_the_others_go_on() -> None:
    slices = Slices()

    def broken(items: Sequence[int]) -> bytes:
        raise ValueError("broken")

    answers = await asyncio.gather(
        slices.encode([1], broken), slices.encode([1, 2], lambda items: b"%d" % len(items)), return_exceptions=True
    )
    assert isinstance(answers[0], ValueError)
    assert answers[1] == [b"2"]


async def test_a_response_is_sent_piece_by_piece_with_its_length() -> None:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    await Pieces([b"[", b"1", b"]"], media_type="application/json")({"type": "http"}, None, send)  # type: ignore[arg-type]
    assert (b"content-length", b"3") in sent[0]["headers"]
    assert [message["body"] for message in sent[1:]] == [b"[", b"1", b"]", b""]
    assert not sent[-1]["more_body"]
