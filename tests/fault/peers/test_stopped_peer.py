"""Peers that are stopped (SIGSTOP): their kernel still acknowledges, they answer no ping. They are gone within 30 s."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from datetime import datetime

import msgspec
import pytest

from hub.logs import Action
from hub.settings import Settings
from tests.support.running import PATIENCE, served, until

PEERS = 10

CLIENT = """
import sys, time, websockets.sync.client
with websockets.sync.client.connect(sys.argv[1], proxy=None) as socket:
    print("open", flush=True)
    while True:
        socket.send('{"type":"ping"}')
        socket.recv()
        time.sleep(0.02)
"""


@pytest.mark.slow
def test_stopped_peers_are_gone_within_30_seconds(settings: Settings) -> None:
    with served(msgspec.structs.replace(settings, log_format="json")) as hub:
        peers = []
        try:
            for _ in range(PEERS):
                command = [sys.executable, "-c", CLIENT, f"{hub.url}?subscribe=none"]
                peers.append(subprocess.Popen(command, stdout=subprocess.PIPE, text=True))
                assert peers[-1].stdout is not None and peers[-1].stdout.readline() == "open\n"
            stopped = []
            for peer in peers:
                # At different moments of the second in which the hub looks after each once.
                time.sleep(0.37)
                peer.send_signal(signal.SIGSTOP)
                stopped.append(time.time())

            def ended() -> list[float]:
                lines = (msgspec.json.decode(line) for line in hub.log.read_text().splitlines())
                return sorted(
                    datetime.fromisoformat(line["ts"]).timestamp()
                    for line in lines
                    if line["action"] == Action.CLIENT_CLOSED and line["reason"] == "ping_timeout"
                )

            until(lambda: len(ended()) == PEERS, PATIENCE)
            took = [end - start for start, end in zip(stopped, ended(), strict=True)]
            print("seconds from SIGSTOP to the end:", [round(seconds, 1) for seconds in sorted(took)])
            assert max(took) <= 30
        finally:
            for peer in peers:
                peer.kill()
                peer.wait(PATIENCE)
                assert peer.stdout is not None
                peer.stdout.close()
