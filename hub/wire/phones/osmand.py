"""The OsmAnd dialect: names and values in a query or a form. Traccar Client up to 8 and from 10 on, OsmAnd, GPSLogger.

    GET /?id=123456&lat=60.0&lon=30.0&timestamp=1377177267&speed=9.7&bearing=73&altitude=10&accuracy=5&batt=87

Speed in knots, battery in percent, ``timestamp`` in seconds, milliseconds, RFC 3339 or ``yyyy-MM-dd HH:mm:ss``. Fields
that spell ``latitude`` and ``longitude`` in full come from templates of OsmAnd and GPSLogger, whose speed is in metres
per second.
"""

from __future__ import annotations

from urllib.parse import parse_qsl

from hub.core.nouns import Fix
from hub.wire.codec import BadMessage
from hub.wire.errors import ErrorCode
from hub.wire.phones.fields import empty, is_message, sort
from hub.wire.phones.readings import fix, moment
from hub.wire.readings import KNOT, PERCENT, number

MAX_FIELDS = 100
"""Fields of one request; apps send a dozen."""


def fields_of(text: str) -> dict[str, str]:
    """The fields of a query or form. Raises ``BadMessage``."""
    if "%" not in text and "+" not in text and text.count("&") < MAX_FIELDS:
        # Nothing is escaped: a ninth of the time.
        try:
            return dict([pair.split("=", 1) for pair in text.split("&")])
        except ValueError:  # a field without "="
            pass
    try:
        return dict(parse_qsl(text, keep_blank_values=True, max_num_fields=MAX_FIELDS))
    except ValueError as error:
        raise BadMessage(ErrorCode.MALFORMED, f"must have at most {MAX_FIELDS} fields") from error


def decode_fields(text: str) -> list[Fix]:
    """The fix of a query or form; none for a known message without a place (a heartbeat, a token for notifications).

    Raises ``BadMessage``, also for fields without a place that no known message has.
    """
    fields = fields_of(text)
    values, names, extra = sort(fields.items())
    latitude, longitude = values.get("latitude"), values.get("longitude")
    location = extra.pop("location", None) or extra.pop("Location", None)
    if location is not None and empty(latitude) and empty(longitude):
        latitude, comma, longitude = str(location).partition(",")
        names["latitude"], names["longitude"] = "lat", "lon"
        if not comma:
            longitude = None
    elif "latitude" not in values and "longitude" not in values:
        if is_message(fields):
            return []
        raise BadMessage(ErrorCode.MALFORMED, "no place, and not a message that the hub knows")
    if (
        "valid" in extra
        and str(extra["valid"]).lower() in ("false", "0")
        and number(latitude) == 0 == number(longitude)
    ):
        return []  # A tracker that never knew its place, forwarded.
    timestamp = values.get("recorded_at")
    if isinstance(timestamp, str) and "T" in timestamp.upper():
        timestamp = timestamp.strip().replace(" ", "+")  # The sign of an offset that an app did not escape.
    in_full = names["latitude"].lower() == "latitude" if "latitude" in names else False
    return [
        fix(
            latitude,
            longitude,
            names=(names.get("latitude", "lat"), names.get("longitude", "lon")),
            driver_id=values.get("driver_id"),
            recorded_at=moment(timestamp, names.get("recorded_at", "timestamp")),
            speed=values.get("speed"),
            speed_unit=1.0 if in_full else KNOT,
            heading=values.get("heading"),
            accuracy=values.get("accuracy"),
            altitude=values.get("altitude"),
            battery=values.get("battery"),
            battery_unit=PERCENT,
            extra=extra,
        )
    ]
