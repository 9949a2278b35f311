"""The place of a node in the log."""

from __future__ import annotations

from hub.core.live.log_place import LogPlace, entry_number


def test_entries_within_a_millisecond_are_in_order() -> None:
    """Redis' clock was a day ahead, and is right again: at 1,000 entries a second it counts to 86 million."""
    ids = ["5-0", "5-1", "5-1048575", "5-1048576", "5-86400000", "6-0"]
    numbers = [entry_number(entry_id) for entry_id in ids]
    assert numbers == sorted(set(numbers))
    place = LogPlace()
    place.begin("log", entry_number("5-1048576"))
    token = place.token()
    assert token is not None
    place.advance(entry_number("5-86400000"), 7)
    assert place.entry_of(token) == entry_number("5-1048576")
    assert place.token() != token
