"""Conversations written out: who says what, and what is heard, in order.

    driver → {"latitude":1,"longitude":2,"driverId":"d","msgNo":1}
    screen ← {"type":"location","driverId":"d","latitude":1.0,"longitude":2.0,"recordedAt":"…","receivedAt":"…","seq":7}
    driver ← {"type":"ack","msgNo":1}
    driver ← nothing

``"…"`` stands for any value. A message that is heard has exactly the keys that are written, and perhaps the token
``resume``, which depends on the time. ``nothing`` means that the
hub has nothing more to say to this one after all that was said before.
"""

from __future__ import annotations

import json
from typing import Any

from tests.support.peers import Peer
from tests.support.running import Edge

ANY = "…"


def fits(expected: Any, actual: Any) -> bool:
    """Whether a message is the one that is written: the same keys, and equal values but for ``"…"``."""
    if expected == ANY:
        return True
    if isinstance(expected, dict) and isinstance(actual, dict):
        return expected.keys() | {"resume"} == actual.keys() | {"resume"} and all(
            fits(expected[key], actual[key]) for key in expected
        )
    if isinstance(expected, list) and isinstance(actual, list):
        return len(expected) == len(actual) and all(map(fits, expected, actual))
    return type(expected) is type(actual) and bool(expected == actual)


def converse(hub: Edge, script: str, **peers: Peer) -> None:
    """Play a conversation; raises ``AssertionError`` at the first line that comes out differently."""
    for line in filter(None, map(str.strip, script.splitlines())):
        name, arrow, text = line.split(maxsplit=2)
        peer = peers[name]
        if arrow == "→":
            peer.say(text)
        elif text == "nothing":
            heard = silent(hub, peer)
            assert heard == [], line
        else:
            assert arrow == "←", line
            heard = peer.hear()
            assert fits(json.loads(text), heard), f"\nexpected {line}\n   heard {json.dumps(heard, ensure_ascii=False)}"


def silent(hub: Edge, peer: Peer) -> list[Any]:
    """What a peer is still told, which should be nothing. What waits for the end of the hub's turn is sent first."""
    hub.call(hub.node.hub.broadcaster.flush)
    return peer.hear_all()
