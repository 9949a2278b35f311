"""deploy/prometheus and deploy/grafana: checked by promtool, and asked of a Prometheus that scrapes real hubs."""

from __future__ import annotations

import asyncio
import json
import math
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
import yaml

from hub.environment import environment
from tests.deploy.fronts import DEPLOY, NEEDED, Front, Place, free_ports, front, wait_for
from tests.deploy.load import Load
from tests.deploy.pairs import METRICS, Pair
from tests.identity.test_tokens import token
from tests.support.api.calls import get, post
from tests.support.peers import Peer
from tests.support.programs import program
from tests.support.repository import ROOT
from tests.support.running import PATIENCE, until

FOLDER = DEPLOY / "prometheus"
RULES = yaml.safe_load((FOLDER / "hub.rules.yml").read_text())
ALERTS = {rule["alert"]: rule for group in RULES["groups"] for rule in group["rules"]}
DASHBOARDS = {
    path.stem: json.loads(path.read_text()) for path in sorted((DEPLOY / "grafana/dashboards").glob("*.json"))
}
PANELS = [
    pytest.param(target["expr"], id=f"{name}: {panel['title']} {target['refId']}")
    for name, dashboard in DASHBOARDS.items()
    for panel in dashboard["panels"]
    for target in panel["targets"]
]
SCRAPED = "3s"
"""Long enough for a busy machine: Prometheus forgets the series of a hub that does not answer within it."""

WINDOW = "30s"


def promtool(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [program("promtool", NEEDED, "Debian: apt-get install prometheus"), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)


def test_promtool_takes_the_rules_and_the_configuration() -> None:
    for done in (
        promtool("check", "rules", FOLDER / "hub.rules.yml"),
        promtool("check", "config", "--syntax-only", FOLDER / "prometheus.yml"),
    ):
        assert done.returncode == 0, done.stdout + done.stderr
    assert len(ALERTS) == sum(len(group["rules"]) for group in RULES["groups"])


def test_each_alert_fires_for_what_it_is_for() -> None:
    done = promtool("test", "rules", FOLDER / "hub.tests.yml")
    assert done.returncode == 0, done.stdout + done.stderr
    assert set(re.findall(r'alertname="(\w+)"', (FOLDER / "hub.tests.yml").read_text())) == set(ALERTS)


def test_promtool_finds_an_alert_that_does_not_fire(tmp_path: Path) -> None:
    rules = (FOLDER / "hub.rules.yml").read_text()
    (tmp_path / "hub.rules.yml").write_text(
        rules.replace("hub_recorder_lag_seconds) > 30", "hub_recorder_lag_seconds) > 3e9")
    )
    (tmp_path / "hub.tests.yml").write_text((FOLDER / "hub.tests.yml").read_text())
    assert promtool("test", "rules", tmp_path / "hub.tests.yml").returncode != 0


def test_every_alert_says_what_it_is_and_whom_it_needs() -> None:
    for name, rule in ALERTS.items():
        assert rule["labels"]["severity"] in ("page", "ticket"), name
        assert rule["annotations"]["summary"], name


@pytest.mark.parametrize("name", DASHBOARDS)
def test_a_dashboard_is_whole(name: str) -> None:
    dashboard = DASHBOARDS[name]
    assert dashboard["uid"] == f"location-hub-{name}" and dashboard["title"]
    panels = dashboard["panels"]
    assert len({panel["id"] for panel in panels}) == len({panel["title"] for panel in panels}) == len(panels)
    taken: set[tuple[int, int]] = set()
    for panel in panels:
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert place["x"] + place["w"] <= 24 and not cells & taken, panel["title"]
        taken |= cells
        assert panel["targets"] and all(target["datasource"]["uid"] == "${datasource}" for target in panel["targets"])


def test_every_metric_that_is_used_is_documented() -> None:
    """docs/metrics.md lists what the code has (tests/edge/ops/test_metrics.py)."""
    known = set(re.findall(r"^\| `(\w+)` \|", (ROOT / "docs/metrics.md").read_text(), re.MULTILINE))
    texts = [rule["expr"] for rule in ALERTS.values()] + [panel.values[0] for panel in PANELS]
    used = {name for text in texts for name in re.findall(r"\bhub_\w+", str(text))}
    assert len(used) > 30
    assert {re.sub(r"_bucket$", "", name) for name in used} <= known


@contextmanager
def prometheus(pair: Pair, recorder: Place, proxy: Front, folder: Path) -> Iterator[Place]:
    """Prometheus with the configuration, which scrapes these hubs, this recorder and this proxy."""
    (port,) = free_ports(1)
    (folder / "token").write_text(METRICS)
    text = (
        (FOLDER / "prometheus.yml")
        .read_text()
        .replace("15s", SCRAPED)
        .replace("hub.rules.yml", str(FOLDER / "hub.rules.yml"))
    )
    text = text.replace("/etc/prometheus/hub-metrics-token", str(folder / "token"))
    for job, targets in enumerate((pair.addresses, [recorder.address], [proxy.metrics.address])):
        lines = re.findall(r"targets: (\[.*\])", text)
        text = text.replace(lines[job], json.dumps([f"{host}:{number}" for host, number in targets]))
    (folder / "prometheus.yml").write_text(text)
    command = [
        program("prometheus", NEEDED),
        f"--config.file={folder}/prometheus.yml",
        f"--storage.tsdb.path={folder}/data",
        f"--web.listen-address=127.0.0.1:{port}",
    ]
    log = folder / "prometheus.log"
    with log.open("wb") as file:
        process = subprocess.Popen(command, stdout=file, stderr=file)
    try:
        place = Place(("127.0.0.1", port))
        wait_for(place.address, process, log)
        until(lambda: get(place, "/-/ready").status == 200)
        yield place
    finally:
        process.terminate()
        process.wait(PATIENCE)


@contextmanager
def recorder_of(pair: Pair, folder: Path) -> Iterator[Place]:
    """A recorder by itself on the stores of these hubs: it stands by."""
    (port,) = free_ports(1)
    log = folder / "recorder.log"
    with log.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "hub", "record", "--port", str(port)],
            env=environment(pair.hubs[0].settings), stdout=file, stderr=file,
        )  # fmt: skip
    try:
        wait_for(("127.0.0.1", port), process, log)
        yield Place(("127.0.0.1", port))
    finally:
        process.terminate()
        process.wait(PATIENCE)


@pytest.fixture(scope="module")
def scraped(pair: Pair, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Prometheus over hubs at work and a recorder: drivers, posts, phones, refused logins and sockets."""
    program("prometheus", NEEDED)
    folder = tmp_path_factory.mktemp("prometheus")
    with (
        front("haproxy", pair.addresses, folder / "haproxy") as proxy,
        recorder_of(pair, folder) as recorder,
        prometheus(pair, recorder, proxy, folder) as place,
    ):
        until(lambda: len(answer(place, "hub_build_info")) == 3)
        with at_work(proxy):
            yield place


@contextmanager
def at_work(proxy: Front) -> Iterator[None]:
    ended = threading.Event()

    async def work() -> None:
        bearer = token(role="gateway", fleet="monitored")
        async with Load.through(proxy, "monitored"):
            while not ended.is_set():
                await asyncio.to_thread(events, proxy, bearer)
                await asyncio.sleep(1)

    thread = threading.Thread(target=lambda: asyncio.run(work()))
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join(PATIENCE)
        assert not thread.is_alive()


def events(proxy: Front, bearer: str) -> None:
    """One of each that makes a series."""
    assert post(proxy, "/osmand?id=a&lat=1&lon=2", b"", bearer).status == 200
    assert post(proxy, "/osmand?id=a&lat=x&lon=2", b"", bearer).status == 200
    login = {"username": "a", "password": "a wrong password"}
    assert post(proxy, "/api/v1/auth/token", login, **{"content-type": "application/json"}).status in (401, 429)
    Peer(proxy.address, headers=[f"Authorization: Bearer {bearer}"]).close()
    assert get(proxy, "/nowhere").status == 404


def answer(place: Place, expression: str) -> list[dict[str, Any]]:
    """The result of a query."""
    text = expression.replace("$__rate_interval", WINDOW).replace("$instance", ".*")
    assert "$" not in text
    found = get(place, "/api/v1/query?" + urlencode({"query": text}))
    assert found.status == 200, f"{text}: {found.body.decode()}"
    result: list[dict[str, Any]] = found.json["data"]["result"]
    return result


def has_data(result: list[dict[str, Any]]) -> bool:
    return any(not math.isnan(float(series["value"][1])) for series in result)


@pytest.mark.parametrize("expression", PANELS)
def test_a_panel_has_data(scraped: Place, expression: str) -> None:
    # Rates need two scrapes of a series, and clocks of hubs are compared some seconds after the start.
    until(lambda: has_data(answer(scraped, expression)))


def test_alerts_are_evaluated_and_hubs_in_order_fire_none(scraped: Place) -> None:
    def evaluated() -> dict[str, Any]:
        groups = get(scraped, "/api/v1/rules").json["data"]["groups"]
        return {rule["name"]: rule for group in groups for rule in group["rules"]}

    until(lambda: all(rule["health"] != "unknown" for rule in evaluated().values()))
    rules = evaluated()
    assert set(rules) == set(ALERTS)
    assert {name: rule["lastError"] for name, rule in rules.items() if rule["health"] != "ok"} == {}
    assert [name for name, rule in rules.items() if rule["state"] == "firing"] == []


def test_alerts_ask_for_series_that_are_there(scraped: Place) -> None:
    """A condition on a series that does not exist never fires. Those here appear with the first event."""
    until(lambda: answer(scraped, "hub_quarantine_payloads_total"))
    names = set(get(scraped, "/api/v1/label/__name__/values").json["data"])
    rare = {
        "hub_rate_limited_total",
        "hub_deliveries_oldest_seconds",
        "hub_deliveries_dead_total",
        "hub_channels",
        "hub_replica_up",
    }
    used = {name for rule in ALERTS.values() for name in re.findall(r"\b(?:hub|process)_\w+|\bup\b", rule["expr"])}
    assert used - names - rare == set()
