"""The times of the tries to send a notice: for about a day, less and less often."""

from __future__ import annotations

STEPS = (0.0, 5.0, 30.0, 120.0, 600.0, 1_800.0, 3_600.0, 7_200.0, 14_400.0, 28_800.0, 28_800.0)
"""Seconds before each try. A receiver that restarts gets its notices within seconds; one that is down over night gets
them in the morning."""

SPREAD = 0.2
"""Share by which a pause varies, from the third try on, so that receivers of many hubs do not get them all at once."""

LONGEST_ASKED = 3_600.0
"""Seconds of ``Retry-After`` that are obeyed at most: a receiver must not stop its channel for days."""


def pause(failures: int, asked: float | None, chance: float) -> float | None:
    """Seconds until the try after so many failed ones; None after the last. ``asked``: ``Retry-After``; ``chance``: a
    random number from 0 to 1."""
    if failures >= len(STEPS):
        return None
    step = STEPS[failures]
    if failures >= 2:
        step *= 1 - SPREAD + 2 * SPREAD * chance
    return step if asked is None else max(step, min(asked, LONGEST_ASKED))


def probe_pause(failing_for: float, asked: float | None, chance: float) -> float:
    """The same for a channel on which everything has failed for so many seconds; the last pause repeats. It does not
    depend on the number of failed tries: eight lanes that fail at once are one failure of the channel."""
    failures, passed = 1, STEPS[1]
    while failures < len(STEPS) - 1 and failing_for >= passed:
        failures += 1
        # The shortest that the pauses may have been.
        passed += STEPS[failures] * (1 - SPREAD)
    found = pause(failures, asked, chance)
    assert found is not None
    return found
