"""``python -m tests.support.quick_hub``: the command ``hub`` with cheap hashes of passwords.

A hash of today's parameters takes 0.2 s of processor time; a screen's test needs up to ten.
"""

from __future__ import annotations

import tests.support.quick_passwords  # noqa: F401  (used by the edge from here on)
from hub.cli.main import main

main()
