"""``hub demo``: a hub with simulated trucks, rules about them, and a list of what to try."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sys
from pathlib import Path

from hub.cli.demo_rules import make_rules
from hub.embedded.child import Child
from hub.environment import environment
from hub.serve import serve
from hub.settings import Settings

TRY = """
{trucks} simulated trucks drive around Dubai. Watch them in a browser:

  {http}

or in another terminal:

  watch the trucks               {bin}hub watch --url {http}
  list the alerts                curl {http}/api/v1/alerts
  receive them as webhooks       {bin}hub listen
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
  (with the same HUB_JWT_SECRET and HUB_DATA_DIR; for other programs print a token with
  {bin}hub token --fleet {fleet} --role dispatcher)
"""


async def demo(settings: Settings, trucks: int) -> None:
    """Serve until SIGINT or SIGTERM with ``trucks`` simulated trucks. Raises ``StartupError``."""
    simulators: list[asyncio.Task[Child]] = []
    rules: list[asyncio.Task[None]] = []

    async def simulate(url: str) -> Child:
        # A separate process: on the hub's event loop 500 drivers would compete with the hub.
        argv = [sys.executable, "-m", "hub", "simulate", "--url", url, "--trucks", str(trucks)]
        child = Child("simulator", argv, env=environment(settings), stop_signal=signal.SIGINT)
        await child.start()
        return child

    def ready(address: str) -> None:
        socket = address.replace("http", "ws", 1) + "/ws"
        words = {"http": address, "ws": socket, "trucks": trucks, "bin": bin_prefix(), "fleet": settings.default_fleet}
        by_hand = (OPEN if settings.open else CLOSED).format(**words)
        print(TRY.format(by_hand=by_hand, data_dir=settings.data_dir, **words), flush=True)
        simulators.append(asyncio.create_task(simulate(socket)))
        rules.append(asyncio.create_task(make_rules(settings, address)))

    try:
        await serve(settings, ready)
    finally:
        for task in rules:
            task.cancel()
        await asyncio.gather(*rules, return_exceptions=True)
        for simulator in simulators:
            await (await simulator).stop()


def bin_prefix() -> str:
    """Directory to type before ``hub`` and ``python``: empty if PATH leads to those of this environment."""
    scripts = Path(sys.executable).parent
    on_path = shutil.which("hub")
    return "" if on_path and Path(on_path).parent == scripts else f"{os.path.relpath(scripts)}{os.sep}"
