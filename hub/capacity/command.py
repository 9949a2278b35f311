"""``hub capacity``: measure, simulate, print."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

if TYPE_CHECKING:
    from hub.capacity.simulation import View

PER_FLEET = 500
"""Drivers of a fleet, with a tenth as many screens."""


@click.command("capacity")
@click.option(
    "--drivers",
    multiple=True,
    type=click.IntRange(PER_FLEET, 10_000_000),
    help=f"Drivers, in fleets of {PER_FLEET}; can be repeated.  [default: 10000, 100000]",
)
@click.option("--rate", type=click.FloatRange(0.01, 10), default=0.2, show_default=True, help="Fixes a second of each.")
@click.option(
    "--turn",
    type=click.FloatRange(0.005, 1),
    default=0.005,
    show_default=True,
    help="Seconds between two writes to a screen: 0.005 as the hub does, 0.25 as the design assumed.",
)
@click.option(
    "--view",
    type=click.Choice(["all", "mixed"]),
    default="all",
    show_default=True,
    help="What screens watch: the whole fleet; or half of them that, others a part of the area or ten drivers.",
)
@click.option("--most", type=click.IntRange(1, 256), default=256, show_default=True, help="Nodes at most.")
@click.option("--size", type=click.IntRange(100, 100_000), default=1_000, help="Operations that are measured.")
@click.option("--svg", type=click.Path(path_type=Path, dir_okay=False), help="Draw the largest case to this file.")
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
def capacity_(
    drivers: tuple[int, ...],
    rate: float,
    turn: float,
    view: View,
    most: int,
    size: int,
    svg: Path | None,
    as_json: bool,
) -> None:
    """Compute how many nodes some drivers and screens need.

    It measures the CPU time of single operations on this machine, with a private Valkey, and counts operations in a
    simulation: the hub's own code, with a virtual log and clock. Fleets are simulated by a sample. The processor time
    of Redis and PostgreSQL is not included.
    """
    import uvloop  # noqa: F401  # an error here, not in the middle

    from hub.capacity.costs import measure
    from hub.capacity.picture import picture
    from hub.capacity.plan import PLACEMENTS, Point, points
    from hub.capacity.report import show
    from hub.capacity.simulation import Case, Placement

    costs = measure(size)
    sizes = sorted(set(drivers or (10_000, 100_000)))
    found: dict[int, dict[Placement, list[Point]]] = {}
    for count in sizes:
        fleets = count // PER_FLEET
        case = Case(
            drivers=fleets * PER_FLEET,
            screens=fleets * PER_FLEET // 10,
            fleets=fleets,
            view=view,
            rate=rate,
            turn=turn,
        )
        found[count] = {
            placement: list(points(msgspec.structs.replace(case, placement=placement), costs, most))
            for placement in PLACEMENTS
        }
    if svg is not None:
        largest = found[sizes[-1]]
        title = f"{sizes[-1]:,} drivers, {sizes[-1] // 10:,} screens: cores of one node, by the number of nodes"
        svg.write_text(picture(title, {_words(name): points for name, points in largest.items()}))
    if as_json:
        document = {"costs": costs, "cases": [point for of in found.values() for all in of.values() for point in all]}
        sys.stdout.buffer.write(msgspec.json.encode(document) + b"\n")
    else:
        show(costs, found)


def _words(placement: str) -> str:
    from hub.capacity.report import WORDS

    return WORDS[placement]
