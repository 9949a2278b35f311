"""``hub demo``: a hub with simulated trucks, fences and alerts, and a list of what to try."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sys
from pathlib import Path

from clients.simulator.places import Ended, Seeding, Shown, seed
from hub.core.principal import Role
from hub.embedded.child import Child
from hub.environment import environment
from hub.identity.tokens import issue
from hub.settings import Settings
from hub.workers.parent import serve

TRY = """
{trucks} simulated trucks drive around Dubai. Watch them in a browser:

  {http}

or in another terminal:

  watch the trucks               {bin}hub watch --url {http}
{by_hand}  check the hub's health         curl {http}/readyz

Ctrl-C stops everything; the data stays in {data_dir}.
"""

OPEN = """\
  print positions as JSON        {bin}python -m websockets {ws}
  watch one driver               {bin}hub watch --url {http} --driver driver-xyz-789
  connect without positions      {bin}python -m websockets '{ws}?subscribe=none'
  publish a position: type there {{"latitude": 25.2048, "longitude": 55.2708, "driverId": "driver-xyz-789"}}
"""

CLOSED = """\
  (with the same HUB_JWT_SECRET; for other programs print a token with
  {bin}hub token --fleet {fleet} --role dispatcher)
"""


FENCED = """
{fences} fences and {rules} rules are set up. On the page, the tab Alerts shows the first alerts within a minute: trucks
that enter a depot or drive fast. The tab Fences leads to the places.
"""

LISTEN = """
To see alerts arrive as webhooks in another terminal:

  1. {bin}hub listen --secret {secret}
  2. On the page: Manage, Channels, Resume, and Test.
"""

TOKEN_LIFETIME = 600
"""Seconds for setting up fences and rules, with a slow start of the database."""


async def demo(settings: Settings, trucks: int) -> None:
    """Serve until SIGINT or SIGTERM with ``trucks`` simulated trucks. Raises ``StartupError``."""
    simulators: list[asyncio.Task[Child]] = []
    places: list[asyncio.Task[None]] = []

    async def simulate(url: str) -> Child:
        # A separate process: on the hub's event loop 500 drivers would compete with the hub.
        argv = [sys.executable, "-m", "hub", "simulate", "--url", url, "--trucks", str(trucks)]
        child = Child("simulator", argv, env=environment(settings), stop_signal=signal.SIGINT)
        await child.start()
        return child

    async def fence(address: str) -> None:
        token = None
        if not settings.open:
            token = issue(settings, settings.default_fleet, Role.ADMIN, "demo", TOKEN_LIFETIME)
        try:
            shown = await asyncio.to_thread(seed, address, token)
        except Ended:
            return  # the demo was stopped meanwhile
        except Seeding as error:
            print(f"The fences and rules of the demo could not be set up: {error}", file=sys.stderr, flush=True)
            return
        print(words_of(shown), flush=True)

    def ready(address: str) -> None:
        socket = address.replace("http", "ws", 1) + "/ws"
        words = {"http": address, "ws": socket, "trucks": trucks, "bin": bin_prefix(), "fleet": settings.default_fleet}
        by_hand = (OPEN if settings.open else CLOSED).format(**words)
        print(TRY.format(by_hand=by_hand, data_dir=settings.data_dir, **words), flush=True)
        simulators.append(asyncio.create_task(simulate(socket)))
        places.append(asyncio.create_task(fence(address)))

    try:
        await serve(settings, ready)
    finally:
        for place in places:
            place.cancel()
        for simulator in simulators:
            await (await simulator).stop()


def words_of(shown: Shown) -> str:
    """What the demo prints of fences, rules and its channel."""
    words = FENCED.format(fences=shown.fences, rules=shown.rules)
    return words + (LISTEN.format(bin=bin_prefix(), secret=shown.secret) if shown.secret else "")


def bin_prefix() -> str:
    """Directory to type before ``hub`` and ``python``: empty if PATH leads to those of this environment."""
    scripts = Path(sys.executable).parent
    on_path = shutil.which("hub")
    return "" if on_path and Path(on_path).parent == scripts else f"{os.path.relpath(scripts)}{os.sep}"
