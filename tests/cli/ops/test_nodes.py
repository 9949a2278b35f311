"""``hub nodes``."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec
from click.testing import CliRunner, Result

from hub import __version__
from hub.cli.main import cli
from hub.settings import Settings
from tests.support.peers import Peer
from tests.support.running import edge, until


def nodes(settings: Settings, *arguments: str) -> Result:
    env = {"HUB_REDIS_URL": settings.redis_url, "HUB_DATA_DIR": str(settings.data_dir)}
    return CliRunner().invoke(cli, ["nodes", *arguments], env=env, prog_name="hub")


def test_it_lists_hubs_that_share_a_redis(settings: Settings) -> None:
    with edge(settings) as one, edge(settings) as other, Peer(one.address):
        until(lambda: len(nodes(settings).output.splitlines()) == 3)
        until(lambda: sorted(line["connections"] for line in listed(settings)) == [0, 1])
        report = next(line for line in listed(settings) if line["connections"])
        assert report["id"] == one.node.hub.epoch
        assert (report["pid"], report["version"], report["draining"]) == (os.getpid(), __version__, False)
        table = nodes(settings).output.splitlines()
        assert table[0].split() == ["address", "pid", "version", "started", "connections", "state", "id"]
        assert {line.split()[-1] for line in table[1:]} == {one.node.hub.epoch, other.node.hub.epoch}
    # Both have said goodbye.
    assert nodes(settings).output == "no node runs\n"


def listed(settings: Settings) -> list[dict[str, object]]:
    return [msgspec.json.decode(line) for line in nodes(settings, "--json").output.splitlines()]


def test_without_a_hub_it_starts_nothing(tmp_path: Path) -> None:
    answer = nodes(Settings(data_dir=tmp_path / "none"))
    assert answer.exit_code == 3
    assert answer.stderr.startswith(f"hub: no hub has run with the data directory {tmp_path / 'none'}: ")
    (tmp_path / "data").mkdir(mode=0o700)
    answer = nodes(Settings(data_dir=tmp_path / "data"))
    assert answer.exit_code == 3
    assert answer.stderr.startswith(f"hub: the Valkey of {tmp_path / 'data'} does not answer: ")
