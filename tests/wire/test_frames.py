"""Frames of ours against the library's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.frames import Close, Frame, Opcode

from hub.wire.frames import PING_FRAME, TEXT_FIN, close_frame, text_frame, text_of, texts_of


@pytest.mark.parametrize("size", [0, 1, 125, 126, 127, 65_535, 65_536, 100_000])
def test_a_text_frame_is_what_websockets_would_write(size: int) -> None:
    payload = b"x" * size
    frame = text_frame(payload)
    assert frame == bytes(Frame(Opcode.TEXT, payload).serialize(mask=False))
    assert frame[0] == TEXT_FIN
    assert text_of(frame) == payload


def test_control_frames_are_what_websockets_would_write() -> None:
    assert bytes(Frame(Opcode.PING, b"").serialize(mask=False)) == PING_FRAME
    for code, reason in ((1000, ""), (1012, "restart"), (4008, "x" * 123)):
        assert close_frame(code, reason) == bytes(
            Frame(Opcode.CLOSE, Close(code, reason).serialize()).serialize(mask=False)
        )


@given(st.lists(st.binary(max_size=300) | st.sampled_from([b"x" * 65_535, b"x" * 65_536]), max_size=4))
def test_frames_one_after_another_are_taken_apart(payloads: list[bytes]) -> None:
    assert list(texts_of(b"".join(text_frame(payload) for payload in payloads))) == payloads
