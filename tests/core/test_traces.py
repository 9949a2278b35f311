"""``traceparent``: what is valid, and what is stored."""

from __future__ import annotations

import pytest

from hub.core.traces import sampled, trace_id, traceparents_in, valid

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT = f"00-{TRACE}-00f067aa0ba902b7-01"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (PARENT, PARENT),
        (f"cc{PARENT[2:]}-more", PARENT),
        (f"{PARENT[:-2]}03", f"{PARENT[:-2]}03"),
        (f"{PARENT}-more", None),
        (f"ff{PARENT[2:]}", None),
        (PARENT.upper(), None),
        (PARENT[:-1], None),
        ("", None),
        (f"{PARENT}\n", None),
    ],
)
def test_valid_ones_get_the_form_of_version_00(text: str, expected: str | None) -> None:
    assert valid(text) == sampled(text) == expected


def test_what_its_sender_does_not_record_is_not_sampled() -> None:
    assert sampled(None) is sampled(f"{PARENT[:-2]}00") is sampled(f"{PARENT[:-2]}02") is None
    assert trace_id(PARENT) == TRACE


def test_those_of_broken_json_are_found() -> None:
    content = b'[{"driverId":"a","traceparent":"%s"},{"traceparent":"x"' % PARENT.encode()
    assert traceparents_in(content) == [PARENT]
