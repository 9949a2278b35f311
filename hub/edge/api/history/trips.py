"""Trips and days, as the recorder keeps them.

GET /api/v1/drivers/{id}/trips      the last 24 hours, or from … to …
GET /api/v1/trips/{id}              one trip with its path
GET /api/v1/analytics/daily         by driver, or of the fleet
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Literal

import asyncpg
import msgspec
from msgspec import Meta, Struct
from starlette.responses import Response

from hub.core.nouns import ID_PATTERN
from hub.core.time_zones import TimeZones, day
from hub.edge.api.history.past import Past
from hub.edge.api.pages import Instant, Span, decode_cursor, encode_cursor, page, written
from hub.edge.api.registry.answers import groups_of
from hub.edge.http.access import Access
from hub.edge.http.operations import Call, Operation, Plain
from hub.edge.http.problems import Problem, invalid
from hub.stores.postgres.history.reads import day_zone, days, days_in_zone, fleet_days, trip, trips
from hub.stores.postgres.places.names import Name
from hub.wire.stored import Day, Trip
from hub.wire.validation import Code

TICK = timedelta(microseconds=1)

MAX_DAYS = 366


class TripsQuery(Span):
    limit: Annotated[int, Meta(ge=1, le=500)] = 100
    cursor: str | None = None


class DailyQuery(Struct, rename={"since": "from", "until": "to", "driver_id": "driverId"}):
    """``from`` and ``to`` are days, both included; by default the last seven. ``by`` driver or fleet. ``group``:
    only drivers in these groups, names separated by commas. ``tz``: the time
    zone of the days, an IANA name; by default that of the fleet."""

    since: date | None = None
    until: date | None = None
    by: Literal["driver", "fleet"] = "driver"
    driver_id: str | None = None
    group: str | None = None
    tz: str | None = None
    limit: Annotated[int, Meta(ge=1, le=1_000)] = 500
    cursor: str | None = None


class TripPage(Struct, rename="camel", omit_defaults=True):
    """``next``: cursor of the following page."""

    trips: list[Trip]
    next: str | None = None


class DayPage(Struct, rename="camel", omit_defaults=True):
    """``next``: cursor of the following page. ``timeZone``: the time zone of the days."""

    days: list[Day]
    time_zone: str
    next: str | None = None


def routes(past: Past) -> list[Operation]:
    settings = past.node.settings
    zones = TimeZones(settings.time_zone)

    async def driver_trips(call: Call[TripsQuery, None]) -> Response:
        driver_id = call.ids["driver_id"]
        query = call.query
        since, until = query.resolve(settings, call.fleet)
        start = since
        if query.cursor is not None:
            (start,) = decode_cursor(query.cursor, tuple[Instant])
            start = max(since, start)

        async def named(connection: asyncpg.Connection) -> tuple[list[Trip], Name]:
            found = await trips(connection, call.fleet, driver_id, start, until, query.limit)
            if not found:
                await past.check_driver(connection, call.fleet, driver_id)
            return found, await past.places.naming(connection, found, fill=True)

        found, name = await past.read(call, named)
        await past.name(found, name)
        following = encode_cursor(found[-1].started_at + TICK) if len(found) == query.limit else None
        return await page(
            past.node.slices, call.request, "trips", found, following, {"from": written(since), "to": written(until)}
        )

    async def one_trip(call: Plain) -> Response:
        id = call.ids["trip_id"]

        async def named(connection: asyncpg.Connection) -> tuple[Trip, Name]:
            found = await trip(connection, call.fleet, id)
            if found is None or (call.principal.driver is not None and call.principal.driver != found.driver_id):
                raise Problem(404, "there is no such trip")
            if not past.node.sight.sees(call.principal, found.driver_id):
                raise Problem(404, "there is no such trip")
            return found, await past.places.naming(connection, [found], fill=True)

        found, name = await past.read(call, named)
        return Response(msgspec.json.encode(name(found)), media_type="application/json")

    async def daily(call: Call[DailyQuery, None]) -> Response:
        query = call.query
        try:
            time_zone = query.tz or zones.of(call.fleet)
            today = day(datetime.now(UTC), time_zone)
        except ValueError as error:
            raise invalid("tz", str(error)) from error
        until = query.until or today
        since = query.since or until - min(timedelta(days=6), until - date.min)
        if since > until:
            raise invalid("from", "must not be after to")
        if (until - since).days >= MAX_DAYS:
            raise invalid("from", f"must be at most {MAX_DAYS} days before to")
        if until == date.max:
            raise invalid("to", "is out of range")
        end = until + timedelta(days=1)
        start, after = since, ""
        if query.driver_id is not None and not ID_PATTERN.match(query.driver_id):
            raise invalid("driverId", "must be a driver id: 1 to 64 letters, digits and . _ : -", Code.PATTERN)
        if query.by == "fleet" and query.driver_id is not None:
            raise invalid("by", "fleet is not allowed with driverId")
        if query.cursor is not None:
            start, after = decode_cursor(query.cursor, tuple[date, str])
            if start < since or (after and not ID_PATTERN.match(after)):
                raise invalid("cursor", "belongs to another query")
        drivers = past.node.sight.drivers(call.principal, groups_of(query.group))

        async def wanted(connection: asyncpg.Connection) -> list[Day]:
            # The sums of the fleet are of all its drivers.
            some = query.by == "fleet" and drivers is not None
            if some or time_zone != await day_zone(connection, call.fleet):
                return await days_in_zone(
                    connection,
                    call.fleet,
                    start,
                    end,
                    query.limit,
                    time_zone,
                    by_driver=query.by == "driver",
                    driver_id=query.driver_id,
                    after=after,
                    drivers=drivers,
                )
            if query.by == "fleet":
                return await fleet_days(connection, call.fleet, start, end, query.limit)
            return await days(
                connection,
                call.fleet,
                start,
                end,
                query.limit,
                driver_id=query.driver_id,
                after=after,
                drivers=drivers,
            )

        found = await past.read(call, wanted)
        following = None
        if len(found) == query.limit:
            last = found[-1]
            # By fleet a day is one row; by driver the next page may continue the same day.
            place = (last.day, last.driver_id) if last.driver_id else (last.day + timedelta(days=1), "")
            following = encode_cursor(*place)
        return await page(
            past.node.slices,
            call.request,
            "days",
            found,
            following,
            {"from": since.isoformat(), "to": until.isoformat()},
            more={"timeZone": time_zone},
        )

    return [
        Operation(
            past.node.door,
            "GET",
            "/api/v1/drivers/{driver_id}/trips",
            driver_trips,
            access=Access.DRIVER,
            summary="A driver's trips that began in a span, in time order",
            query=TripsQuery,
            answer=TripPage,
        ),
        Operation(
            past.node.door,
            "GET",
            "/api/v1/trips/{trip_id}",
            one_trip,
            access=Access.OWN,
            summary="A trip with its path",
            answer=Trip,
        ),
        Operation(
            past.node.door,
            "GET",
            "/api/v1/analytics/daily",
            daily,
            access=Access.DRIVER,
            summary="Distance and time of each day, by driver or of the fleet",
            query=DailyQuery,
            answer=DayPage,
        ),
    ]
