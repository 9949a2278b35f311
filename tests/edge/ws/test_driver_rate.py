"""The fixes of one driver, whatever they come by: sockets are read more slowly, requests are told to come again."""

from __future__ import annotations

import time
from typing import Any

from tests.identity.test_tokens import SECRET, token
from tests.support.api.calls import Answer, get, post
from tests.support.peers import Peer
from tests.support.running import Edge

RATE = 20
SETTINGS = {"jwt_secret": SECRET, "max_driver_rate": RATE, "max_batch": RATE}


def fixes(driver: str) -> list[dict[str, Any]]:
    """A second's worth, each of another place."""
    return [{"latitude": 1, "longitude": number, "driverId": driver} for number in range(RATE)]


def posted(hub: Edge, driver: str, bearer: str) -> Answer:
    return post(hub, "/api/v1/location", fixes(driver), bearer)


def test_all_sockets_of_a_driver_share_its_rate_and_nothing_is_refused(hub: Edge) -> None:
    bearer = [f"Authorization: Bearer {token(role='driver', driver='fast')}"]
    gateway = [f"Authorization: Bearer {token(role='gateway')}"]
    with Peer(hub.address, headers=bearer) as one, Peer(hub.address, headers=bearer) as two:
        seq = hub.call(lambda: hub.node.hub.seq)
        for peer in (one, two):
            peer.say(fixes("fast"))
            peer.say({"type": "ping"})
            assert peer.hear() == {"type": "pong"}
        # The second had to be read to be counted; what it says next is read when that is worked off.
        began = time.monotonic()
        two.say(fixes("fast"))
        two.say({"type": "ping"})
        # Who names no driver speaks for many, and has the rate of a connection.
        with Peer(hub.address, headers=gateway) as many:
            for _ in range(4):
                many.say(fixes("other"))
            many.say({"type": "ping"})
            assert many.hear() == {"type": "pong"}
            assert hub.call(lambda: hub.node.hub.seq) == seq + 6 * RATE
        assert two.hear() == {"type": "pong"}
        assert time.monotonic() - began > 0.5
        assert hub.call(lambda: hub.node.hub.seq) == seq + 7 * RATE


def test_posts_beyond_it_are_told_when_to_come_again_and_change_nothing(hub: Edge) -> None:
    bearer = token(role="driver", driver="poster")
    assert posted(hub, "poster", bearer).status == 200
    seq = hub.call(lambda: hub.node.hub.seq)
    answer = posted(hub, "poster", bearer)
    assert (answer.status, answer.headers["retry-after"]) == (503, "1")
    assert "fixes per driver" in answer.json["detail"]
    assert get(hub, "/osmand?id=poster&lat=1&lon=2", bearer).status == 503
    assert hub.call(lambda: hub.node.hub.seq) == seq
    assert posted(hub, "another", token(role="driver", driver="another")).status == 200
    time.sleep(1.1)
    assert posted(hub, "poster", bearer).status == 200
