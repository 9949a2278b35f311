"""The tables that ``hub capacity`` prints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
from rich.console import Console
from rich.table import Table

from hub.capacity.costs import Costs
from hub.capacity.plan import BUSY, DESIGN, WHOLE, Point, enough
from hub.capacity.simulation import Placement

WORDS = {
    "anywhere": "clients anywhere",
    "fleet": "a fleet on two nodes",
    "partition": "a partition on two nodes",
}


def show(costs: Costs, found: Mapping[int, Mapping[Placement, Sequence[Point]]]) -> None:
    """Print costs, and what each case takes."""
    console = Console(width=120)
    single = Table(title="CPU time of single operations, µs")
    for name in Costs.__struct_fields__:
        single.add_column(name, justify="right")
    single.add_row(*(f"{cost:.2f}" for cost in msgspec.structs.astuple(costs)))
    console.print(single)
    table = Table(
        title=f"Nodes so that each uses at most {BUSY} of a core for these operations; whole: if a process takes "
        f"{WHOLE:.0f} times as much. The shares of a core are those of the larger number"
    )
    for name in (
        "drivers",
        "placement",
        "nodes",
        "whole",
        "design",
        "partitions",
        "own",
        "log",
        "others",
        "screens",
        "core",
        "Gbit/s",
    ):
        table.add_column(name, justify="left" if name == "placement" else "right")
    for drivers, placements in found.items():
        for placement, points in placements.items():
            few, many = enough(points), enough(points, WHOLE)
            last = many or few or min(points, key=lambda point: point.total)
            designed = DESIGN.get(drivers)
            share = last.share
            table.add_row(
                f"{drivers:,}",
                WORDS[placement],
                "none" if few is None else str(few.case.nodes),
                "none" if many is None else str(many.case.nodes),
                "" if designed is None else str(designed[0 if placement == "anywhere" else 1]),
                str(last.case.partitions),
                *(f"{part:.2f}" for part in (share.own, share.log, share.others, share.screens, share.total)),
                f"{last.gigabits:.2f}",
            )
    console.print(table)
