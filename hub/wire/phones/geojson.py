"""GeoJSON features as Overland sends them, in ``locations``, and as collections.

    {"locations": [{"type": "Feature", "geometry": {"type": "Point", "coordinates": [-122.03, 37.33]}, "properties":
     {"timestamp": "2015-10-01T08:00:00-0700", "speed": 4, "course": 180, "horizontal_accuracy": 30, "altitude": 0,
      "battery_level": 0.89, "device_id": "van7", "motion": ["driving"]}}]}

Speed in metres per second, battery 0-1; -1 is unknown. Coordinates are longitude, latitude and perhaps altitude.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hub.core.nouns import Fix
from hub.wire.codec import BadMessage
from hub.wire.errors import ErrorCode
from hub.wire.phones.background import NONE, battery_unit
from hub.wire.phones.fields import sort, within
from hub.wire.phones.readings import fix, moment

ANSWER = b'{"result":"ok"}'
"""What Overland waits for: with any other answer it sends the batch again."""


def decode_feature(feature: dict[str, Any], context: Mapping[str, object] = NONE) -> list[Fix | BadMessage]:
    """The fix of a feature that is a point. Raises ``BadMessage``; a line counts as its points, which have no times."""
    geometry, properties = feature.get("geometry"), feature.get("properties")
    if not isinstance(geometry, dict):
        raise BadMessage(ErrorCode.INVALID, "must be an object", "geometry")
    coordinates = geometry.get("coordinates")
    if geometry.get("type") != "Point" or not isinstance(coordinates, list):
        points = len(coordinates) if isinstance(coordinates, list) else 1
        raise BadMessage(ErrorCode.INVALID, "must be a Point", "geometry.type", points=max(1, points))
    values, names, extra = sort(properties.items() if isinstance(properties, dict) else ())
    if values.get("driver_id") is None:
        # The ``id`` of a feature is that of a point.
        values["driver_id"] = sort((name, value) for name, value in feature.items() if name != "id").values.get(
            "driver_id"
        )
    values = within(context, values)
    longitude, latitude, altitude = (*coordinates, None, None, None)[:3]
    battery = values.get("battery")
    clock = f"properties.{names.get('recorded_at', 'timestamp')}"
    return [
        fix(
            latitude,
            longitude,
            names=("geometry.coordinates[1]", "geometry.coordinates[0]"),
            driver_id=values.get("driver_id"),
            recorded_at=moment(values.get("recorded_at"), clock),
            speed=values.get("speed"),
            heading=values.get("heading"),
            accuracy=values.get("accuracy"),
            altitude=altitude if values.get("altitude") is None else values["altitude"],
            battery=battery,
            battery_unit=battery_unit(battery),
            extra=extra,
        )
    ]
