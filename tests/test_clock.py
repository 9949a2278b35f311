"""The clock that parts take by default."""

from __future__ import annotations

import time
from datetime import UTC, datetime

from hub.clock import SYSTEM


def test_it_is_the_machines() -> None:
    before = datetime.now(UTC), time.time(), time.monotonic()
    told = SYSTEM.now(), SYSTEM.time(), SYSTEM.monotonic()
    after = datetime.now(UTC), time.time(), time.monotonic()
    assert all(a <= b <= c for a, b, c in zip(before, told, after, strict=True))
