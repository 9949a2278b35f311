"""The table of phases is the one of the documentation, and checkpoints depend on the instant alone."""

from __future__ import annotations

import itertools
import random
import re

import numpy as np

from hub.core.fences.anchors import anchors, is_anchor
from hub.core.fences.state import PHASES, Phase
from tests.support.repository import ROOT

NINE = 1_700_000_000_000_000


def test_the_phases_are_documented() -> None:
    text = (ROOT / "docs/fences.md").read_text()
    documented = re.findall(r"^\| ([a-z]+) \| ([a-z_]+) \| ([a-z]+) \|$", text, re.MULTILINE)
    rows = [(row[0], row[1], row[2]) for row in documented if row[0] not in ("phase", "rule", "shape")]
    assert rows == [
        (phase.name.lower(), change.value, after.name.lower())
        for phase, changes in PHASES.items()
        for change, after in changes.items()
    ]
    assert set(PHASES) == set(Phase)


def test_one_point_in_64_is_a_checkpoint_at_any_rate() -> None:
    for step in (1_000_000, 5_000_000, 10_000_000, 60_000_000, 333_000):
        instants = [NINE + n * step for n in range(20_000) if is_anchor(NINE + n * step)]
        assert 200 < len(instants) < 450
        # No rate leaves long stretches without any.
        assert max(b - a for a, b in itertools.pairwise(instants)) < 800 * step


def test_checkpoints_of_a_batch_are_those_of_its_points() -> None:
    chance = random.Random(3)
    instants = [chance.randrange(-(1 << 62), 1 << 62) for _ in range(10_000)]
    instants += [chance.randrange(NINE) for _ in range(10_000)] + [0, -1, -1_000, NINE]
    found = anchors(np.array(instants, dtype=np.int64))
    assert found == [n for n, at in enumerate(instants) if is_anchor(at)]
    assert len(found) > 200
