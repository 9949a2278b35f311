"""The OsmAnd dialect: names and values in a query or a form. Traccar Client up to 8 and from 10 on, OsmAnd, GPSLogger.

    GET /?id=123456&lat=60.0&lon=30.0&timestamp=1377177267&speed=9.7&bearing=73&altitude=10&accuracy=5&batt=87

Speed in knots, battery in percent, ``timestamp`` in seconds, milliseconds, RFC 3339 or ``yyyy-MM-dd HH:mm:ss``.
"""

from __future__ import annotations

from urllib.parse import parse_qsl

from hub.core.nouns import Fix
from hub.wire.codec import BadMessage
from hub.wire.errors import ErrorCode
from hub.wire.phones.readings import fix, moment
from hub.wire.readings import KNOT, PERCENT, number

MAX_FIELDS = 100
"""Fields of one request; apps send a dozen."""

_USED = {"id", "deviceid", "lat", "lon", "location", "timestamp", "speed", "bearing", "heading", "altitude",
         "accuracy", "batt", "notificationToken"}  # fmt: skip
"""Fields that do not go into attributes: they are decoded, or private."""


def decode_fields(text: str) -> list[Fix]:
    """The fix of a query or form; none where there is no place in it (a heartbeat, a token for notifications).

    Raises ``BadMessage``.
    """
    try:
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=MAX_FIELDS)
    except ValueError as error:
        raise BadMessage(ErrorCode.MALFORMED, f"must have at most {MAX_FIELDS} fields") from error
    fields = dict(pairs)
    latitude, longitude = fields.get("lat"), fields.get("lon")
    if "location" in fields:
        latitude, _, longitude = fields["location"].partition(",")
    if latitude is None and longitude is None:
        return []
    if fields.get("valid") in ("false", "0") and number(latitude) == 0 == number(longitude):
        return []  # A tracker that never knew its place, forwarded.
    timestamp = fields.get("timestamp")
    if timestamp and "T" in timestamp:
        timestamp = timestamp.replace(" ", "+")  # The sign of an offset that an app did not escape.
    return [
        fix(
            latitude,
            longitude,
            names=("lat", "lon"),
            driver_id=fields.get("id") or fields.get("deviceid"),
            recorded_at=moment(timestamp, "timestamp"),
            speed=fields.get("speed"),
            speed_unit=KNOT,
            heading=fields.get("bearing") or fields.get("heading"),
            accuracy=fields.get("accuracy"),
            altitude=fields.get("altitude"),
            battery=fields.get("batt"),
            battery_unit=PERCENT,
            extra={name: value for name, value in fields.items() if name not in _USED},
        )
    ]
