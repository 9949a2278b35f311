"""Notations of coordinates, as people write and copy them."""

from __future__ import annotations

import pytest

from hub.core.geo.notations import coordinates


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("25.2, 55.3", (25.2, 55.3)),
        ("25.2,55.3", (25.2, 55.3)),
        (" 25.2 55.3 ", (25.2, 55.3)),
        ("-33.86; 151.2", (-33.86, 151.2)),
        ("\u221233.86, 151.2", (-33.86, 151.2)),
        ("25.2°, 55.3°", (25.2, 55.3)),
        ("25°15'N 55°18'E", (25.25, 55.3)),
        ("25\u00b015\u2032 N, 55\u00b018\u2032 E", (25.25, 55.3)),
        ("55°18'E 25°15'N", (25.25, 55.3)),
        ("25°15'36\"S 55°18'36\"W", (-25.26, -55.31)),
        ("25.26 N 55.31 E", (25.26, 55.31)),
        ("N 25 15.6' E 55 18.6'", (25.26, 55.31)),
        ("n25.26 e55.31", (25.26, 55.31)),
        ("geo:25.2,55.3", (25.2, 55.3)),
        ("geo:25.2,55.3,12;u=35", (25.2, 55.3)),
        ("geo:25.2,55.3?z=12", (25.2, 55.3)),
        ("91, 55.3", None),
        ("25.2, 181", None),
        ("25°61'N 55°18'E", None),
        ("25°15'N 55°18'S", None),
        ("25.2", None),
        ("Route 66", None),
        ("12 34th Street", None),
        ("1" * 101, None),
    ],
)
def test_a_text(text: str, place: tuple[float, float] | None) -> None:
    assert coordinates(text) == (None if place is None else pytest.approx(place))
