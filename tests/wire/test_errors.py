"""The two tables of how things end."""

from __future__ import annotations

import pytest
from websockets.frames import Close as Frame

from hub.wire.errors import Close, ErrorCode


@pytest.mark.parametrize("close", Close)
def test_a_close_code_may_be_sent(close: Close) -> None:
    assert Frame.parse(Frame(close, close.reason).serialize()) == Frame(close, close.reason)
    # A word on the wire, in logs and in labels of metrics.
    assert close.reason.replace("_", "").isalpha()
    assert close.reason == close.reason.lower()


def test_close_codes_that_reconnect() -> None:
    """Nobody whose next attempt would end in the same way; the client library decides by this table."""
    assert {close.name for close in Close if close.reconnect} == {
        "INTERNAL",
        "RESTART",
        "OVERLOADED",
        "TOKEN_EXPIRED",
        "RIGHTS_CHANGED",
        "SLOW_CONSUMER",
        "PING_TIMEOUT",
    }


def test_error_codes_are_words() -> None:
    assert all(code.replace("_", "").isalpha() and code == code.lower() for code in ErrorCode)
