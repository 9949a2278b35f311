"""Which requests have the same head."""

from __future__ import annotations

import pytest

from hub.edge.direct import heads
from hub.edge.direct.heads import Head, KnownHeads, split

LINE = b"POST /owntracks HTTP/1.1\r\n"
HEAD = LINE + b"Host: hub\r\nContent-Length: 2\r\nAccept: */*\r\n\r\n"
LINES = [(b"host", b"hub"), (b"content-length", b"2"), (b"accept", b"*/*")]


def head(lines: list[tuple[bytes, bytes]], line: bytes = LINE) -> Head:
    return Head(line, {"headers": lines}, {}, None)


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (HEAD + b"{}", (b"\r\nHost: hub\r\nContent-Length: \r\nAccept: */*", b"2", b"{}")),
        (b"GET / HTTP/1.1\r\nHost: hub\r\n\r\n", (b"\r\nHost: hub", b"", b"")),
        (b"GET / HTTP/1.1\r\ncontent-length: 0\r\n\r\n", (b"\r\ncontent-length: ", b"0", b"")),
        (HEAD + b"{", None),
        (HEAD + b"{}\n", None),
        (HEAD[:-1], None),
        (HEAD + b"{}" + HEAD + b"{}", None),
        (b"GET / HTTP/1.1\r\nHost: hub\r\n\r\n{}", None),
        (b"POST / HTTP/1.1\r\nContent-Length: 65537\r\n\r\n" + b" " * 65_537, None),
        (b"POST / HTTP/1.1\r\nX: 1\r\n Content-Length: 2\r\n\r\n{}", None),
        (b"", None),
        (b"\r\n", None),
        (b"\r\n\r\n", (b"", b"", b"")),
    ],
)
def test_a_whole_request_is_split(data: bytes, found: tuple[bytes, bytes, bytes] | None) -> None:
    assert split(data) == found


def test_the_length_and_the_first_line_may_differ() -> None:
    known, seen = KnownHeads(), head(LINES)
    known.remember("127.0.0.1", HEAD + b"{}", seen)
    assert known.find("127.0.0.1", HEAD + b"[]") == (seen, b"[]")
    longer = HEAD.replace(b"Length: 2", b"Length: 11").replace(b"/owntracks", b"/osmand?lat=1") + b'{"lat": 12}'
    assert known.find("127.0.0.1", longer) == (seen, b'{"lat": 12}')


@pytest.mark.parametrize(
    "other",
    [
        HEAD.replace(b"Host: hub", b"Host: hut"),
        HEAD.replace(b"Accept", b"accept"),
        HEAD.replace(b"Length: 2", b"Length:  2"),
        HEAD.replace(b"\r\n\r\n", b"\r\nX: 1\r\n\r\n"),
    ],
)
def test_nothing_else_may(other: bytes) -> None:
    known = KnownHeads()
    known.remember("127.0.0.1", HEAD + b"{}", head(LINES))
    assert known.find("127.0.0.1", other + b"{}") is None
    assert known.find("127.0.0.2", HEAD + b"{}") is None


@pytest.mark.parametrize(
    ("data", "lines"),
    [
        pytest.param(HEAD + b"{}", [*LINES, (b"content-length", b"2")], id="two lengths"),
        pytest.param(HEAD + b"{}", [*LINES, (b"transfer-encoding", b"chunked")], id="chunks"),
        pytest.param(HEAD + b"{}", [*LINES, (b"x-request-id", b"1")], id="an id of its own"),
        pytest.param(HEAD + b"{}", [*LINES, (b"traceparent", b"1")], id="a trace"),
        pytest.param(HEAD.replace(b"Length: 2", b"Length:2") + b"{}", LINES, id="a length written otherwise"),
        pytest.param(HEAD.replace(b"Length: 2", b"Length:0"), [(b"content-length", b"0")], id="an empty body"),
        pytest.param(HEAD.replace(b"*/*", b"*" * 3_000) + b"{}", LINES, id="too long"),
    ],
)
def test_what_may_mean_something_else_is_not_remembered(data: bytes, lines: list[tuple[bytes, bytes]]) -> None:
    known = KnownHeads()
    known.remember("127.0.0.1", data, head(lines))
    assert known.find("127.0.0.1", data) is None


def test_the_ones_unused_for_longest_are_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heads, "KNOWN", 2)
    known = KnownHeads()
    requests = [HEAD.replace(b"hub", b"hub%d" % number) + b"{}" for number in range(3)]
    for request in requests[:2]:
        known.remember("127.0.0.1", request, head(LINES))
    known.find("127.0.0.1", requests[0])
    known.remember("127.0.0.1", requests[2], head(LINES))
    assert [known.find("127.0.0.1", request) is None for request in requests] == [False, True, False]


@pytest.mark.parametrize(
    "line", [b"PUT /a", b"POST a", b"POST /a#b", b"POST /a b", b'POST /"a"', b"POST /\xff", b"POST  /a"]
)
def test_other_first_lines_go_through_the_parser(line: bytes) -> None:
    assert heads.LINE.match(line + b" HTTP/1.1\r\n") is None
    assert heads.LINE.match(b"POST /a?b=c%20d&e HTTP/1.0\r\n") is None
    assert heads.LINE.match(b"POST /a?b=c%20d&e HTTP/1.1\r\n") is not None
