"""Runs every example of docs/examples against a hub with a secret, and checks its output."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import which
from typing import Any

import pytest

from hub.settings import Settings
from tests.identity.test_tokens import SECRET, token
from tests.support.api.calls import get, post
from tests.support.hub_process import HubProcess
from tests.support.repository import ROOT
from tests.support.running import PATIENCE, until

FOLDER = ROOT / "docs/examples"

EXPECTED = {
    "report.sh": r"""
        \{"accepted":1,"rejected":\[\]\}
        \{"accepted":2,"rejected":\[\{"index":2,"code":"invalid","detail":".*","field":"latitude"\}\]\}
        \{"accepted":1,"rejected":\[\]\}
    """,
    "phone.sh": r"""
        200 osmand
        200 traccar
        \[\] 200 owntracks
    """,
    "now.sh": r"""
        van-1\tonline\t25\.2\t55\.27
        now-1\tonline\t25\.2048\t55\.2708
        now-2\tonline\t25\.21\t55\.28
        \{"driverId":"van-1","status":"online","speed":12\}
        van-1 0 m
        now-1 \d+ m
        now-2 \d+ m
        \{"type":"FeatureCollection","features":3\}
        \d{2,}
    """,
    "history.sh": r"""
        900
        900
        van-1,25\.2,55\.33,2026-01-05T08:14:59Z,.*
        FeatureCollection
        \d{1,2}
        2026-01-05T08:00:00Z\t2026-01-05T08:0\d:\d\dZ\t60\d\d.*\t20.*
        van-1\t2026-01-05T08:00:00Z\t25\.2\t55\.27
        van-1\t2026-01-05T08:00:01Z\t25\.2\t55\.2702
        more follow
        van-1\t2026-01-05T08:00:00Z\t2026-01-05T08:14:59Z\t900
        \{.*"driverId":"van-1".*\}
    """,
    "fleet.sh": r"""
        \{"driverId":"d-7","version":1\}
        http://[^ ]+/t/[A-Za-z0-9_-]+
        \{"vehicleId":"v-1","plate":"A 12345"\}
        200 B 1
        412 B 2
        \{"plate":"B 1","version":2\}
        \{"driverId":"d-7","disabled":true\}
    """,
    "share.sh": r"""
        http://[^ ]+/share/[A-Za-z0-9_-]+ until \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z
        Your delivery\tonline\tlatitude longitude recordedAt
        204
    """,
    "login.sh": r"""
        \{"role":"dispatcher","expiresIn":900\}
        \{"username":"desk","role":"dispatcher","fleet":"login\.sh"\}
        204
    """,
    "publish.py": r"60 stored, 0 refused, 0 waiting",
    "ticket.py": r"""
        subscribed box
        location van-1
        synced box
    """,
    "ask.py": r"""
        van-1 online
        now-1 online
        now-2 online
        422 \['latitude'\]
    """,
}
"""Output of each example, as a regular expression; leading spaces of its lines do not count."""

ROLES = {"report.sh": "gateway", "phone.sh": "gateway", "publish.py": "gateway", "login.sh": "dispatcher"}
"""Roles of their tokens; admin for the others."""

MORNING = datetime(2026, 1, 5, 8, tzinfo=UTC)


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HubProcess]:
    folder = tmp_path_factory.mktemp("examples")
    process = HubProcess(Settings(port=0, data_dir=folder / "data", jwt_secret=SECRET), folder)
    process.start()
    # The registry has its tables.
    until(lambda: get(process, "/api/v1/users", token(role="admin")).status == 200)
    yield process
    process.stop()


def report(hub: HubProcess, fleet: str, *fixes: dict[str, Any]) -> None:
    answer = post(hub, "/api/v1/location", list(fixes), token(role="gateway", fleet=fleet))
    assert (answer.status, answer.json["rejected"]) == (200, [])


def now(hub: HubProcess, fleet: str) -> None:
    report(hub, fleet, {"driverId": "van-1", "latitude": 25.2, "longitude": 55.27, "speed": 12})
    report(
        hub,
        fleet,
        {"driverId": "now-1", "latitude": 25.2048, "longitude": 55.2708},
        {"driverId": "now-2", "latitude": 25.21, "longitude": 55.28},
    )


def one(hub: HubProcess, fleet: str) -> None:
    report(hub, fleet, {"driverId": "van-1", "latitude": 25.2, "longitude": 55.27})


def morning(hub: HubProcess, fleet: str) -> None:
    """Five minutes of driving east at 20 m/s, and ten of standing."""
    fixes = [
        {
            "driverId": "van-1",
            "latitude": 25.2,
            "longitude": round(55.27 + min(second, 300) * 2e-4, 7),
            "recordedAt": (MORNING + timedelta(seconds=second)).isoformat(),
        }
        for second in range(900)
    ]
    report(hub, fleet, *fixes[:450])
    report(hub, fleet, *fixes[450:])
    trips = "/api/v1/drivers/van-1/trips?from=2026-01-05T00:00:00Z&to=2026-01-06T00:00:00Z"
    bearer = token(role="admin", fleet=fleet)
    until(lambda: any("endedAt" in trip for trip in get(hub, trips, bearer).json.get("trips", [])))


def user(hub: HubProcess, fleet: str) -> None:
    made = post(hub, "/api/v1/users", {"username": "desk", "role": "dispatcher"}, token(role="admin", fleet=fleet))
    body = {"username": "desk", "password": made.json["password"], "newPassword": "a long walk by the sea"}
    assert post(hub, "/api/v1/auth/token", body, **{"content-type": "application/json"}).status == 200


BEFORE = {"now.sh": now, "ask.py": now, "history.sh": morning, "share.sh": one, "ticket.py": one, "login.sh": user}
"""Preparation of the examples, each in a fleet of its own."""


def command(name: str) -> list[str]:
    for program in ("bash", "curl", "jq") if name.endswith(".sh") else ():
        if which(program) is None:
            pytest.skip(f"{program} is not installed")
    return [sys.executable if name.endswith(".py") else "bash", str(FOLDER / name)]


def environment(hub: HubProcess, name: str) -> dict[str, str]:
    bearer = token(role=ROLES.get(name, "admin"), fleet=name)
    known = {"HUB": f"http://127.0.0.1:{hub.settings.port}", "TOKEN": bearer}
    return {**os.environ, **known, "PYTHONPATH": str(ROOT), "USERNAME": "desk", "PASSWORD": "a long walk by the sea"}


@pytest.mark.parametrize("name", EXPECTED)
def test_an_example_prints_the_expected_output(hub: HubProcess, name: str, tmp_path: Path) -> None:
    line = command(name)
    if name in BEFORE:
        BEFORE[name](hub, name)
    done = subprocess.run(
        line, env=environment(hub, name), cwd=tmp_path, capture_output=True, text=True, timeout=PATIENCE
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr
    expected = "\n".join(each.lstrip() for each in EXPECTED[name].strip().splitlines())
    assert re.fullmatch(expected, done.stdout.strip("\n")), done.stdout
    if name == "fleet.sh":
        assert "<svg" in (tmp_path / "phone.svg").read_text()


@pytest.mark.parametrize("name", sorted({*EXPECTED, "follow.py"} - {"login.sh"}))
def test_an_example_that_is_refused_does_not_look_like_a_success(hub: HubProcess, name: str, tmp_path: Path) -> None:
    refused = {**environment(hub, name), "TOKEN": "no token"}
    done = subprocess.run(command(name), env=refused, cwd=tmp_path, capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode != 0
    assert "401" in done.stderr


def test_follow_prints_each_position_at_once(hub: HubProcess) -> None:
    name = "follow.py"
    latitudes = [25.2, 25.2001, 25.2002]
    report(hub, name, {"driverId": "van-1", "latitude": latitudes[0], "longitude": 55.27})
    with subprocess.Popen(command(name), env=environment(hub, name), stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for latitude, following in zip(latitudes, [*latitudes[1:], None], strict=True):
            assert process.stdout.readline().split()[1:] == [str(latitude), "55.27"]
            if following:
                report(hub, name, {"driverId": "van-1", "latitude": following, "longitude": 55.27})
        assert process.wait(PATIENCE) == 0


def test_every_example_is_tested_and_listed() -> None:
    there = {path.name for path in FOLDER.iterdir()} - {"README.md"}
    assert there == {*EXPECTED, "follow.py"}
    listed = re.findall(r"^\| \[`(.+?)`\]\(\1\)", (FOLDER / "README.md").read_text(), re.MULTILINE)
    assert sorted(listed) == sorted(there)
