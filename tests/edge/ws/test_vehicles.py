"""Fixes that name a vehicle, before the hub has read the vehicles."""

from __future__ import annotations

from tests.support.api.calls import get, post
from tests.support.live.transcripts import converse
from tests.support.peers import Peer
from tests.support.running import Edge

SETTINGS = {"database_url": "postgresql://nobody@127.0.0.1:1/nothing"}
"""The vehicles cannot be read."""

FULL = "/ws?subscribe=none"


def test_a_fix_is_put_off_and_so_is_all_behind_it(hub: Edge) -> None:
    with Peer(hub.address, FULL) as driver:
        converse(
            hub,
            """
            driver → {"latitude":1,"longitude":2,"vehicleId":"v","msgNo":1}
            driver ← {"type":"error","code":"unavailable","detail":"…","msgNo":1,"retryMs":2000}
            driver → [{"latitude":1,"longitude":2,"vehicleId":"v","msgNo":2},{"latitude":1,"longitude":2,"driverId":"d","msgNo":3}]
            driver ← nothing
            driver → {"latitude":1,"longitude":2,"driverId":"d","vehicleId":"v","msgNo":1}
            driver ← {"type":"ack","msgNo":1}
            """,  # noqa: E501
            driver=driver,
        )


def test_a_request_is_put_off_as_a_whole(hub: Edge) -> None:
    fixes = [{"latitude": 1, "longitude": 2, "driverId": "e"}, {"latitude": 1, "longitude": 2, "vehicleId": "v"}]
    answer = post(hub, "/api/v1/location", fixes)
    assert (answer.status, "retry-after" in answer.headers) == (503, True)
    assert get(hub, "/api/v1/drivers/e").status == 404
    for path in ("/api/v1/vehicles", "/api/v1/vehicles/v", "/vehicle/status?vehicleId=v"):
        assert get(hub, path).status == 503
