"""``hub capacity`` runs, and its figures and its picture belong together."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

from hub.capacity.costs import Costs
from hub.capacity.plan import BUSY


def test_it_measures_simulates_and_draws(tmp_path: Path) -> None:
    picture = tmp_path / "capacity.svg"
    ran = subprocess.run(
        [
            sys.executable,
            "-m",
            "hub",
            "capacity",
            "--drivers",
            "1000",
            "--size",
            "100",
            "--svg",
            str(picture),
            "--json",
        ],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    found = json.loads(ran.stdout)
    assert found["costs"].keys() == set(Costs.__struct_fields__)
    assert all(cost >= 0 for cost in found["costs"].values())
    assert found["costs"]["ingest"] > 0 and found["costs"]["transaction"] > 0
    cases = found["cases"]
    assert {point["case"]["placement"] for point in cases} == {"anywhere", "fleet", "partition"}
    for point in cases:
        assert point["counts"]["deliveries"] == point["counts"]["promised"]
        assert abs(sum(point["share"].values()) - point["total"]) < 1e-9
    assert any(point["total"] <= BUSY for point in cases)
    drawn = ElementTree.parse(picture).getroot()
    words = [text.text for text in drawn.iter("{http://www.w3.org/2000/svg}text")]
    assert {"clients anywhere", "a fleet on two nodes", "a partition on two nodes"} <= set(words)
