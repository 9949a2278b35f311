"""``fixes.js`` against a hub, by Node with a stand-in for what it uses of k6: its requests, and the shape of its
options. k6 itself does not run here."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import msgspec
import pytest

from clients.web import packages
from hub.core.principal import Role
from hub.identity.tokens import issue
from hub.settings import Settings
from tests.support.node import NEEDED
from tests.support.running import edge

HERE = Path(__file__).parent

SECRET = "a secret of at least thirty-two bytes"

EXECUTORS = {
    "constant-arrival-rate": {"rate", "duration", "preAllocatedVUs", "maxVUs", "timeUnit"},
    "ramping-arrival-rate": {"startRate", "stages", "preAllocatedVUs", "maxVUs", "timeUnit"},
    "ramping-vus": {"stages", "gracefulRampDown"},
}
"""Executor -> its options in k6's documentation, of those that are used; each also takes ``exec`` and ``startTime``."""


@pytest.fixture
def node() -> str:
    try:
        return packages.node()
    except packages.Unavailable as error:
        if os.environ.get(NEEDED):
            pytest.fail(f"{NEEDED} is set; {error}")
        pytest.skip(str(error))


def run(node: str, folder: Path, **environment: str) -> Any:
    """Run the script's scenarios once each, with the stand-in where Node looks for the package."""
    shutil.copytree(HERE / "k6", folder / "node_modules" / "k6")
    shutil.copy(HERE / "run.mjs", folder)
    shutil.copy(HERE / "fixes.js", folder / "fixes.mjs")
    done = subprocess.run(
        [node, "run.mjs"], cwd=folder, env=os.environ | environment, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return msgspec.json.decode(done.stdout)


def seconds(duration: str) -> float:
    assert duration.endswith("s")
    return float(duration[:-1])


@pytest.mark.parametrize("secret", ["", SECRET])
def test_its_fixes_are_stored_and_its_options_are_those_of_k6(
    settings: Settings, node: str, tmp_path: Path, secret: str
) -> None:
    settings = msgspec.structs.replace(settings, jwt_secret=secret)
    with edge(settings) as hub:
        environment = {"HUB": f"http://127.0.0.1:{hub.address[1]}", "RATE": "40", "USERS": "160", "SECONDS": "6"}
        if secret:
            environment["TOKEN"] = issue(settings, "default", Role.GATEWAY, "load", 60)
        found = run(node, tmp_path, **environment)
        assert hub.call(lambda: list(hub.node.hub.fleet("default").latest)) == ["load-7"]
    assert found["checked"] == {"is in the log": [True, True]}
    assert found["slept"] == [1]
    scenarios = found["options"]["scenarios"]
    for scenario in scenarios.values():
        assert scenario.keys() <= EXECUTORS[scenario["executor"]] | {"executor", "exec", "startTime"}
    assert scenarios["constant"]["rate"] == 40 and seconds(scenarios["constant"]["duration"]) == 6
    assert max(stage["target"] for stage in scenarios["ramp"]["stages"]) == 160
    assert max(stage["target"] for stage in scenarios["spike"]["stages"]) == 200
    # One after the other.
    ends = 0.0
    for name in ("constant", "ramp", "spike"):
        scenario = scenarios[name]
        assert seconds(scenario.get("startTime", "0s")) >= ends
        lasts = [scenario["duration"]] if "duration" in scenario else [s["duration"] for s in scenario["stages"]]
        ends = seconds(scenario.get("startTime", "0s")) + sum(map(seconds, lasts))
    metrics = {"http_req_duration", "http_req_failed"}
    for threshold in found["options"]["thresholds"]:
        metric, _, scenario = threshold.rstrip("}").partition("{scenario:")
        assert metric in metrics and scenario in scenarios
