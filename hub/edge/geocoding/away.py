"""The error of a geocoder that gives no answer."""

from __future__ import annotations


class GeocoderAway(Exception):
    """There is no answer now; the text says why, without what was asked. ``refused``: the geocoder wants no further
    questions for a while."""

    def __init__(self, problem: str, *, refused: bool = False) -> None:
        super().__init__(problem)
        self.refused = refused
