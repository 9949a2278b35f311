"""What the demo puts into an empty fleet, and that it leaves other fleets alone."""

from __future__ import annotations

import http.server
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from clients.simulator import places
from clients.simulator.corridors import BUSINESS_BAY
from clients.simulator.places import CHANNEL, FENCES, LISTEN, MANY, Api, Ended, Seeding, seed
from clients.simulator.trucks import Truck, distance
from hub.settings import Settings
from tests.support.hub_process import HubProcess
from tests.support.peers import Peer
from tests.support.running import until

STARTED = b'{"checks":{"database":{"status":"ok"},"history":{"status":"ok"}}}'


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HubProcess]:
    folder = tmp_path_factory.mktemp("demo")
    process = HubProcess(Settings(port=0, data_dir=folder / "data", hooks_allow="127.0.0.0/8"), folder)
    process.start()
    yield process
    process.stop()


def test_a_truck_at_a_depot_makes_an_alert_and_a_second_start_makes_nothing_again(hub: HubProcess) -> None:
    url = f"http://127.0.0.1:{hub.settings.port}"
    first = seed(url, None)
    assert first[:2] == (4, 2) and first.secret.startswith("whsec_")
    again = seed(url, None)
    assert again[:2] == first[:2] and again.secret.startswith("whsec_") and again.secret != first.secret
    api = Api(url, None)
    assert [fence["name"] for fence in FENCES] == sorted(
        (fence["name"] for fence in api.ask("GET", "/api/v1/fences")["fences"]),
        key=[fence["name"] for fence in FENCES].index,
    )
    (channel,) = api.ask("GET", "/api/v1/channels")["channels"]
    assert (channel["name"], channel["state"], channel["config"]) == (CHANNEL, "paused", {"url": LISTEN})

    latitude, longitude = BUSINESS_BAY
    now = datetime.now(UTC)
    with Peer(hub.address, "/ws?subscribe=none") as peer:
        peer.say(
            [
                {
                    "driverId": "truck-1",
                    "latitude": latitude,
                    "longitude": longitude - 0.012 + step * 0.0005,
                    "recordedAt": (now + timedelta(seconds=step)).isoformat(),
                    "accuracy": 5,
                }
                for step in range(16)
            ]
        )
        peer.say({"type": "ping"})
        assert peer.hear() == {"type": "pong"}
    until(lambda: bool(api.ask("GET", "/api/v1/alerts")["alerts"]))
    (alert,) = api.ask("GET", "/api/v1/alerts")["alerts"]
    assert alert["text"] == "truck-1 has entered Business Bay depot"

    # The channel was deleted by a user, and so it stays.
    api.ask("DELETE", f"/api/v1/channels/{channel['id']}")
    assert seed(url, None) == (4, 2, "")


def test_trucks_do_within_half_a_minute_what_both_rules_watch() -> None:
    depots = [
        (fence["shape"]["coordinates"][::-1], fence["radius"]) for fence in FENCES if fence["category"] == "depot"
    ]
    entered, too_fast = [], []
    for number in range(500):
        truck, fast = Truck(1, number + 1), 0
        # A truck that starts inside has not entered.
        inside = True
        for second in range(31):
            fix = truck.fix()
            before, inside = (
                inside,
                any(distance((fix.latitude, fix.longitude), place) < radius for place, radius in depots),
            )
            if inside and not before:
                entered.append(second)
            fast = fast + 1 if (fix.speed or 0) > MANY else 0
            if fast == 15:
                too_fast.append(second)
            truck.advance(1.0)
    # The hub of ``hub demo`` has its fences some seconds after the trucks have started.
    assert sum(second > 10 for second in entered) >= 2
    assert len(too_fast) >= 2


def test_what_the_hub_refuses_is_said() -> None:
    class Refusing(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            started = self.path == "/health"
            self.send_response(200 if started else 403)
            self.end_headers()
            self.wfile.write(STARTED if started else b"no")

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Refusing) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with pytest.raises(Seeding, match=r"GET /api/v1/fences\?limit=1000: 403 no"):
            seed(f"http://127.0.0.1:{server.server_port}", None)
        server.shutdown()


def test_a_hub_that_is_gone_is_said() -> None:
    with pytest.raises(Ended, match="GET /health"):
        seed("http://127.0.0.1:9", None)


def test_a_hub_that_is_silent_is_an_error_and_not_the_end_of_the_demo(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "TIMEOUT", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as listener, pytest.raises(Seeding, match="timed out") as raised:
        seed(f"http://127.0.0.1:{listener.getsockname()[1]}", None)
    assert not isinstance(raised.value, Ended)
