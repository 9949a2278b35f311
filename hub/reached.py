"""Reports at the start which server of ``HUB_REDIS_URL`` and ``HUB_DATABASE_URL`` is not reached, and what is tried."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from urllib.parse import parse_qs, unquote, urlsplit

from hub.logs import Action, get_logger
from hub.settings import Settings
from hub.stores.postgres import connection as postgres
from hub.stores.postgres.refusals import refusal
from hub.stores.redis import connection as redis

log = get_logger()

PATIENCE = 1.0
"""Seconds that a server has to answer before it is reported, so that the report comes within three seconds of the
start."""

PAUSE = 1.0
"""Seconds between two attempts."""


async def report_unreached(settings: Settings, redis_limit: float) -> None:
    """Report each server with a URL that does not answer, once, and when it does. Ends when all have answered.
    ``redis_limit``: seconds after which the start fails without Redis."""
    reports = []
    if settings.redis_url:
        meanwhile = f"The hub tries again for {redis_limit:.0f} s and then ends, because it needs the latest positions."
        place = address_of(settings.redis_url, 26379 if "+sentinel:" in settings.redis_url else 6379)
        reports.append(_report("Redis", "HUB_REDIS_URL", place, meanwhile, lambda: _ping(settings.redis_url)))
    if settings.database_url:
        meanwhile = "The hub tries again every few seconds; live positions and acks continue, history follows later."
        place = address_of(settings.database_url, 5432)
        reports.append(
            _report("PostgreSQL", "HUB_DATABASE_URL", place, meanwhile, lambda: _connect(settings.database_url))
        )
    await asyncio.gather(*reports)


async def _report(
    server: str, setting: str, place: str, meanwhile: str, reached: Callable[[], Awaitable[Exception | None]]
) -> None:
    told = False
    while (error := await reached()) is not None:
        if not told:
            reason = str(error).rstrip(".")[:200] or f"no answer within {PATIENCE:g} s"
            problem = f"{server} at {place} ({setting}) is not reached: {reason}. {meanwhile}"
            log.warning(Action.SERVER_UNREACHED, server=server, error=type(error).__name__, problem=problem)
            told = True
        await asyncio.sleep(PAUSE)
    if told:
        log.info(Action.SERVER_REACHED, server=server)


async def _ping(url: str) -> Exception | None:
    """Why Redis does not answer; None when it does."""
    client = redis.connect(url, PATIENCE)
    try:
        await client.ping()
    except redis.UNAVAILABLE as error:
        return error
    finally:
        with contextlib.suppress(*redis.UNAVAILABLE):
            await client.aclose()
    return None


async def _connect(url: str) -> Exception | None:
    """Why PostgreSQL does not answer; None when it does, also with an error that the migration reports."""
    try:
        connection = await postgres.connect(url, role="start", patience=PATIENCE)
    except postgres.AWAY as error:
        return None if refusal(error) else error
    connection.terminate()
    return None


def address_of(url: str, port: int) -> str:
    """Hosts and ports of a URL, or its socket; without credentials."""
    parts = urlsplit(url)
    if parts.scheme == "unix":
        return unquote(parts.path)
    places = unquote(parts.netloc.rpartition("@")[2]) or "".join(parse_qs(parts.query).get("host", [])[:1])
    if not places:
        return "the default address"
    return ",".join(_with_port(place, port) for place in places.split(","))


def _with_port(place: str, port: int) -> str:
    named = place.startswith("/") or place.rpartition(":")[2].isdecimal()
    return place if named else f"{place}:{port}"
