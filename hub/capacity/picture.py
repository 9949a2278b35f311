"""The picture of a plan, as SVG: a bar for each number of nodes, by kind of work, and a panel for each placement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from hub.capacity.plan import BUSY, Point, Share

KINDS = {"own": "own positions", "log": "the log", "others": "positions of other nodes", "screens": "screens"}
COLOURS = {"own": "#4477aa", "log": "#ccbb44", "others": "#ee6677", "screens": "#66ccee"}
PANEL, HEIGHT, TOP, LEFT, BOTTOM = 260, 200, 60, 50, 40
MOST = 2.0
"""Cores at the upper edge; longer bars are cut, and have their number."""


def picture(title: str, panels: Mapping[str, Sequence[Point]]) -> str:
    """``panels``: name of a placement -> its points."""
    width, height = LEFT + PANEL * len(panels) + 10, TOP + HEIGHT + BOTTOM
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" '
        f'font-size="11" role="img" aria-label="{escape(title)}">',
        f'<rect width="{width}" height="{height}" fill="white"/>',
        f'<text x="{LEFT}" y="16" font-size="13">{escape(title)}</text>',
    ]
    at = LEFT
    for kind, words in KINDS.items():
        lines.append(f'<rect x="{at}" y="25" width="10" height="10" fill="{COLOURS[kind]}"/>')
        lines.append(f'<text x="{at + 14}" y="34">{words}</text>')
        at += 40 + 6 * len(words)
    for step in range(5):
        lines.append(f'<text x="{LEFT - 8}" y="{_y(step * 0.5) + 4:.0f}" text-anchor="end">{step * 0.5:.1f}</text>')
    lines.append(f'<text x="12" y="{TOP + HEIGHT / 2}" transform="rotate(-90 12 {TOP + HEIGHT / 2})" '
                 'text-anchor="middle">cores of one node</text>')  # fmt: skip
    for number, (name, points) in enumerate(panels.items()):
        lines += _panel(LEFT + PANEL * number, name, points)
    return "\n".join([*lines, "</svg>"]) + "\n"


def _panel(left: int, name: str, points: Sequence[Point]) -> list[str]:
    inner = PANEL - 20
    base = _y(0.0)
    lines = [
        f'<text x="{left + inner / 2:.0f}" y="{TOP - 6}" text-anchor="middle">{escape(name)}</text>',
        f'<path d="M{left} {base:.0f}h{inner}" stroke="#444"/>',
        f'<path d="M{left} {_y(BUSY):.1f}h{inner}" stroke="#444" stroke-dasharray="4 3"/>',
    ]
    wide = inner / max(1, len(points))
    for number, point in enumerate(points):
        x, y, share = left + number * wide + wide * 0.15, base, point.share
        for kind in KINDS:
            tall = min(_tall(share, kind), y - TOP)
            y -= tall
            lines.append(
                f'<rect x="{x:.1f}" y="{y:.1f}" width="{wide * 0.7:.1f}" height="{tall:.1f}" fill="{COLOURS[kind]}"/>'
            )
        middle = x + wide * 0.35
        lines.append(f'<text x="{middle:.1f}" y="{base + 14:.0f}" text-anchor="middle">{point.case.nodes}</text>')
        if point.total > MOST:
            lines.append(
                f'<text x="{middle:.1f}" y="{TOP + 12}" text-anchor="middle" font-size="10">{point.total:.0f}</text>'
            )
    lines.append(f'<text x="{left + inner / 2:.0f}" y="{base + 30:.0f}" text-anchor="middle">nodes</text>')
    return lines


def _tall(share: Share, kind: str) -> float:
    cores: float = getattr(share, kind)
    return cores / MOST * HEIGHT


def _y(cores: float) -> float:
    return TOP + HEIGHT - cores / MOST * HEIGHT
