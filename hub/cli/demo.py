"""``hub demo``: a hub with simulated trucks, and what to type in a second terminal."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sys
from pathlib import Path

from hub.embedded.child import Child
from hub.serve import serve
from hub.settings import Settings, environment

TRY = """
{trucks} simulated trucks drive around Dubai. See them move in a browser:

  {http}

or in a second terminal:

  see them move                  {bin}hub watch {ws}
{by_hand}  is everything well?            curl {http}/readyz

Ctrl-C stops everything; the data stays in {data_dir}.
"""

OPEN = """\
  every position, as JSON        {bin}python -m websockets {ws}
  be a driver: in there type     {{"latitude": 12.345, "longitude": 67.890, "driverId": "driver-xyz-789"}}
"""

CLOSED = """\
  (there with the same HUB_JWT_SECRET; a token for other programs is printed by
  {bin}hub token --fleet {fleet} --role dispatcher)
"""


async def demo(settings: Settings, trucks: int) -> None:
    """Serve until SIGINT or SIGTERM with ``trucks`` simulated trucks. Raises ``StartupError``."""
    simulators: list[asyncio.Task[Child]] = []

    async def simulate(url: str) -> Child:
        # A process of its own: on the hub's loop 500 drivers would compete with the hub.
        argv = [sys.executable, "-m", "hub", "simulate", url, "--trucks", str(trucks)]
        child = Child("simulator", argv, env=environment(settings), stop_signal=signal.SIGINT)
        await child.start()
        return child

    def ready(address: str) -> None:
        socket = address.replace("http", "ws", 1) + "/ws"
        words = {"http": address, "ws": socket, "trucks": trucks, "bin": bin_prefix(), "fleet": settings.default_fleet}
        by_hand = (OPEN if settings.open else CLOSED).format(**words)
        print(TRY.format(by_hand=by_hand, data_dir=settings.data_dir, **words), flush=True)
        simulators.append(asyncio.create_task(simulate(socket)))

    try:
        await serve(settings, ready)
    finally:
        for simulator in simulators:
            await (await simulator).stop()


def bin_prefix() -> str:
    """What to type before ``hub`` and ``python``: nothing where they are ours already."""
    ours = Path(sys.executable).parent
    found = shutil.which("hub")
    return "" if found and Path(found).parent == ours else f"{os.path.relpath(ours)}{os.sep}"
