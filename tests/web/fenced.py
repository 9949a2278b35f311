"""Rules, channels and fences for tests of the screen, made by the API of an open hub."""

from __future__ import annotations

import http.client
import json
from datetime import UTC, datetime
from typing import Any

from tests.support.hub_process import HubProcess
from tests.support.peers import Peer
from tests.support.running import PATIENCE


def ask(hub: HubProcess, method: str, path: str, body: object = None) -> Any:
    """The JSON of an answer that is 2xx; None without a body."""
    connection = http.client.HTTPConnection("127.0.0.1", hub.settings.port, timeout=PATIENCE)
    try:
        headers = {"if-match": "*"} if method in ("PATCH", "PUT", "DELETE") else {}
        headers |= {"content-type": "application/json"} if body is not None else {}
        connection.request(method, path, None if body is None else json.dumps(body), headers)
        response = connection.getresponse()
        content = response.read()
        assert 200 <= response.status < 300, content
        return json.loads(content) if content else None
    finally:
        connection.close()


def alarm_rule(hub: HubProcess, driver_id: str, name: str = "Alarm", **more: Any) -> str:
    """A rule that makes an alert of each alarm of one driver; returns its id."""
    body = {"name": name, "kind": "alarm", "watch": {"drivers": [driver_id]}, "severity": "critical", **more}
    return str(ask(hub, "POST", "/api/v1/rules", body)["id"])


def alarm(driver_id: str, latitude: float, longitude: float, **more: Any) -> dict[str, Any]:
    """A position with an alarm, from now."""
    now = datetime.now(UTC).isoformat()
    fix = {"driverId": driver_id, "latitude": latitude, "longitude": longitude, "recordedAt": now}
    return fix | {"attributes": {"alarm": "sos"}} | more


def send(hub: HubProcess, fixes: list[dict[str, Any]]) -> None:
    """Over a connection of its own: the hub closes one that is silent while a page is worked with."""
    with Peer(hub.address, "/ws?subscribe=none") as peer:
        peer.say(fixes)
        peer.say({"type": "ping"})
        assert peer.hear() == {"type": "pong"}
