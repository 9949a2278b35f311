"""How many examples a property test tries: few in the default run, all of them in the thorough one."""

from __future__ import annotations

import os

from hypothesis import settings
from hypothesis import strategies as st

QUICK = 5
"""Examples of a property in the default run."""

CHARACTERS = st.characters(exclude_categories=["Cs"])
"""All that UTF-8 can encode. Hypothesis's own default is the same; to make it takes a second of each fresh clone."""

settings.register_profile("quick", max_examples=QUICK, deadline=None)
settings.register_profile("thorough", max_examples=400, deadline=None)


def use() -> None:
    """Load the profile named by ``HYPOTHESIS_PROFILE``, ``quick`` by default."""
    settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))


def examples(thorough: int) -> settings:
    """Settings of one property: ``thorough`` examples, or ``QUICK`` in the default run."""
    quick = settings.default is not None and settings.default.max_examples == QUICK
    return settings(max_examples=min(thorough, QUICK) if quick else thorough, deadline=None)
