"""A subscription's table, with transcripts of the hub's messages."""

from __future__ import annotations

from clients.messages import Since, decode
from clients.view import View


def location(driver_id: str, seq: int) -> bytes:
    return (
        b'{"type":"location","driverId":"%b","latitude":25.2,"longitude":55.3,"recordedAt":"2026-03-01T10:00:00Z",'
        b'"receivedAt":"2026-03-01T10:00:00Z","seq":%d}' % (driver_id.encode(), seq)
    )


def subscribed(epoch: str, seq: int, reset: bool) -> bytes:
    flag = b"true" if reset else b"false"
    return b'{"type":"subscribed","id":"w","epoch":"%b","seq":%d,"count":0,"reset":%b}' % (epoch.encode(), seq, flag)


def hear(view: View, *lines: bytes) -> list[bool]:
    return [view.apply(decode(line)) for line in lines]


def seqs(view: View) -> dict[str, int]:
    return {driver_id: position.seq for driver_id, position in view.latest.items()}


def test_snapshot_then_live() -> None:
    view = View()
    view.asked()
    hear(view, subscribed("e", 5, True), location("a", 3), location("b", 5))
    assert view.since is None, "half a snapshot is nothing to resume from"
    hear(view, b'{"type":"synced","id":"w","seq":5}', location("a", 6))
    assert seqs(view) == {"a": 6, "b": 5}
    assert view.since == Since("e", 5), "a position may overtake another's, so only the hub says how far we are"
    hear(view, b'{"type":"heartbeat","seq":6,"time":"2026-03-01T10:00:10Z"}')
    assert view.since == Since("e", 6)


def test_presence() -> None:
    view = View()
    hear(view, location("a", 1), location("b", 2), b'{"type":"status","driverId":"a","status":"stale"}')
    assert view.presence == {"a": "stale", "b": "online"}
    hear(view, location("a", 3), b'{"type":"left","id":"w","driverId":"b"}')
    assert view.presence == {"a": "online"}
    assert seqs(view) == {"a": 3}


def test_positions_repeated_by_a_resume_change_nothing() -> None:
    view = View()
    assert hear(view, location("a", 4), location("a", 4), location("a", 3), location("a", 5)) == [
        True,
        False,
        False,
        True,
    ]
    assert hear(view, b'{"type":"left","id":"w","driverId":"stranger"}') == [False]


def test_a_reset_forgets() -> None:
    view = View()
    view.asked()
    hear(view, subscribed("e", 50, True), location("a", 50), b'{"type":"synced","id":"w","seq":50}')
    view.lost()
    view.asked()
    hear(view, subscribed("f", 2, True), location("b", 2), b'{"type":"synced","id":"w","seq":2}')
    assert seqs(view) == {"b": 2}
    assert view.presence == {"b": "online"}
    assert view.since == Since("f", 2)


def test_a_resume_keeps() -> None:
    view = View()
    view.asked()
    hear(view, subscribed("e", 50, True), location("a", 50), b'{"type":"synced","id":"w","seq":50}')
    view.lost()
    view.asked()
    hear(view, subscribed("e", 60, False), location("b", 55), b'{"type":"synced","id":"w","seq":60}')
    assert seqs(view) == {"a": 50, "b": 55}
    assert view.since == Since("e", 60)


def test_nothing_can_be_resumed_while_a_move_is_not_synced() -> None:
    view = View()
    view.asked()
    hear(view, subscribed("e", 5, True), b'{"type":"synced","id":"w","seq":5}')
    view.since = None
    view.asked()
    view.asked()
    hear(view, b'{"type":"heartbeat","seq":8,"time":"2026-03-01T10:00:10Z"}')
    hear(view, subscribed("e", 9, False), b'{"type":"synced","id":"w","seq":9}')
    assert view.since is None
    hear(view, subscribed("e", 10, False), b'{"type":"synced","id":"w","seq":10}')
    assert view.since == Since("e", 10)


def test_a_state_replaces_that_of_the_position() -> None:
    view = View()
    view.asked()
    hear(view, subscribed("e", 1, True), location("a", 1))
    assert hear(view, b'{"type":"state","driverId":"a","state":"busy"}') == [True]
    assert (view.latest["a"].state, view.latest["a"].seq) == ("busy", 1)
    assert hear(view, b'{"type":"state","driverId":"unknown","state":"busy"}') == [False]
    hear(view, b'{"type":"state","driverId":"a"}')
    assert view.latest["a"].state is None


def test_a_resume_at_another_hub_goes_on() -> None:
    view = View()
    view.asked()
    synced = b'{"type":"synced","id":"w","seq":90,"resume":"g.a"}'
    hear(view, subscribed("one", 90, True), location("a", 80), location("b", 90), synced)
    assert view.since == Since("one", 90, "g.a")
    beat = b'{"type":"heartbeat","seq":%d,"time":"2026-03-01T10:00:10Z"%b}'
    hear(view, beat % (91, b',"resume":"g.b"'), beat % (92, b""))
    assert view.since == Since("one", 92, "g.b"), "without a token the last one stays valid"
    view.lost()
    view.asked()
    newer = location("a", 4).replace(b"10:00:00Z", b"10:00:01Z")
    # The other hub has numbers of its own: the time of record decides until it has sent a position.
    assert hear(view, subscribed("two", 3, False), location("a", 2), newer, newer) == [True, False, True, False]
    assert seqs(view) == {"a": 4, "b": 0}
    hear(view, b'{"type":"synced","id":"w","seq":4}')
    assert view.since == Since("two", 4), "a token of the hub before is not one of this hub"


def test_the_time_of_record_is_that_of_the_corrected_clock() -> None:
    view = View()
    wrong = location("a", 5).replace(b'"seq"', b'"clockOffset":3600.0,"seq"').replace(b"10:00:00Z", b"11:00:00Z")
    hear(view, subscribed("one", 5, True), wrong, subscribed("two", 1, False))
    assert hear(view, location("a", 1).replace(b"10:00:00Z", b"10:00:01Z")) == [True]
