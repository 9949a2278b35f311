"""Track points of GPX 1.0 and 1.1, with readings of any extension.

Elements are known by their local name at any depth. Time and elevation count only as children of the track point in its
own namespace: extensions contain other times and the height of a barometer. A reading given twice counts once, the
point's own before that of an extension.
"""

from __future__ import annotations

from collections import deque

from clients.replay.markup import Name
from clients.replay.records import BadRow, Field, Row, field_of

OWN = {"time": "time", "ele": "altitude", "speed": "speed", "course": "heading", "hdop": "hdop", "vdop": "vdop",
       "pdop": "pdop", "sat": "satellites"}  # fmt: skip
"""Children of a track point in its own namespace -> field. GPX 1.0 has speed and course."""

ELSEWHERE = ("speed", "heading", "accuracy", "battery", "attributes", "hdop", "vdop", "pdop", "satellites")
"""Fields that any other element below a track point may hold, under any name of ``NAMES``, in the hub's units."""


class Gpx:
    """The handler of a GPX file."""

    def __init__(self) -> None:
        self.rows: deque[Row | BadRow] = deque()
        self._row: Row | None = None
        self._space = ""
        self._depth = 0
        self._extensions: list[tuple[Field, str]] = []
        self._fields: dict[str, Field | None] = {}

    def start(self, name: Name, attributes: dict[str, str], line: int) -> None:
        if self._row is not None:
            self._depth += 1
        elif name.local == "trkpt":
            self._row, self._space, self._depth = Row(line), name.space, 0
            self._row.put("latitude", attributes.get("lat"))
            self._row.put("longitude", attributes.get("lon"))

    def end(self, name: Name, text: str, line: int) -> None:
        if self._row is None:
            return
        if self._depth == 0:
            for field, value in self._extensions:
                self._row.put(field.name, value, field.unit)
            self.rows.append(self._row)
            self._row = None
            self._extensions.clear()
            return
        if text:
            if self._depth == 1 and name.space == self._space and name.local in OWN:
                self._row.put(OWN[name.local], text)
            elif (other := self._field(name.local)) is not None:
                self._extensions.append((other, text))
        self._depth -= 1

    def _field(self, local: str) -> Field | None:
        if local not in self._fields:
            if len(self._fields) > 1000:
                self._fields.clear()
            field = field_of(local)
            self._fields[local] = field if field is not None and field.name in ELSEWHERE else None
        return self._fields[local]
