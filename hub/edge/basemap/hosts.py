"""The hosts that a MapLibre style loads from: of its sources, their TileJSON, glyphs and sprites.

The style of the settings is fetched from any address, because the operator chose it. TileJSON on other hosts is named
by the author of the style: it is fetched from public addresses only, unless the style itself is in a private network.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit

import aiohttp
import msgspec

from hub import __version__
from hub.wire.notices.addresses import Refused, check_address

TIMEOUT = 5.0
"""Seconds for one document."""

MOST_BYTES = 8 * 1_048_576
"""Size of a style or TileJSON. Styles of map providers have less than 1 MiB, with GeoJSON inside more."""

MOST_REDIRECTS = 3

MOST_HOSTS = 32
"""Sources of a style, and hosts that it loads from: all are in a header of each page. Usual styles have one or two."""

_ORIGIN = re.compile(r"https?://([a-z0-9_-]+\.)*[a-z0-9_-]+\.?(:[0-9]{1,5})?\Z", re.IGNORECASE)

HEADERS = {"accept": "application/json", "user-agent": f"location-hub/{__version__}"}


class Unreadable(Exception):
    """A style or its TileJSON cannot be read. The text says why; it has the host of the URL and not its query, which
    may contain a key."""


def origin_of(url: str) -> str | None:
    """Scheme, host and port of an http(s) URL or template, if a ``Content-Security-Policy`` can name them."""
    scheme, separator, rest = url.removeprefix("pmtiles://").partition("://")
    origin = f"{scheme}{separator}{re.split('[/?#]', rest, maxsplit=1)[0]}"
    return origin if _ORIGIN.match(origin) else None


async def hosts_of(url: str) -> set[str]:
    """The origins that the style at ``url`` loads from. Raises ``Unreadable``."""
    async with _Reader(url) as reader:
        style, base = await reader.read(url)
        if not isinstance(style.get("sources"), dict):
            raise Unreadable(f"{urlsplit(url).netloc} sent JSON that is not a MapLibre style: it has no `sources`")
        if len(style["sources"]) > MOST_HOSTS:
            raise Unreadable(f"the style has {len(style['sources'])} sources, at most {MOST_HOSTS} are supported")
        found = {origin_of(url), origin_of(base)}
        found |= {origin_of(_joined(base, each)) for each in _addresses(style)}
        for source in style["sources"].values():
            tilejson = source.get("url") if isinstance(source, dict) else None
            if not isinstance(tilejson, str) or tilejson.startswith("pmtiles://"):
                continue
            document, place = await reader.read(_joined(base, tilejson))
            tiles = document.get("tiles")
            found |= {origin_of(_joined(place, each)) for each in _strings(tiles)}
    origins = {origin for origin in found if origin is not None}
    if len(origins) > MOST_HOSTS:
        raise Unreadable(f"the style loads from {len(origins)} hosts, at most {MOST_HOSTS} are supported")
    return origins


def _joined(base: str, address: str) -> str:
    try:
        return urljoin(base, address)
    except ValueError as error:
        raise Unreadable(f"{urlsplit(base).netloc} sent an address that is not a URL") from error


def _addresses(style: dict[str, Any]) -> Iterator[str]:
    yield from _strings(style.get("glyphs"))
    sprite = style.get("sprite")
    for each in sprite if isinstance(sprite, list) else [sprite]:
        yield from _strings(each.get("url") if isinstance(each, dict) else each)
    for source in style["sources"].values():
        if isinstance(source, dict):
            for name in ("url", "tiles", "data", "urls"):
                yield from _strings(source.get(name))


def _strings(value: object) -> list[str]:
    return [each for each in (value if isinstance(value, list) else [value]) if isinstance(each, str)]


class _Reader:
    """Fetches JSON documents; those of other hosts than ``chosen`` only from public addresses."""

    def __init__(self, chosen: str) -> None:
        self._chosen = urlsplit(chosen).netloc
        self._private = False

    async def __aenter__(self) -> _Reader:
        self._own, self._others = self._session(self._notice), self._session(self._check)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._own.close()
        await self._others.close()

    def _session(self, look: Any) -> aiohttp.ClientSession:
        def make(info: Any) -> socket.socket:
            family, kind, protocol, _, address = info
            look(address[0])
            return socket.socket(family, kind, protocol)

        return aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(socket_factory=make),
            timeout=aiohttp.ClientTimeout(total=TIMEOUT),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers=HEADERS,
            trust_env=False,
        )

    def _notice(self, address: str) -> None:
        self._private = not ipaddress.ip_address(address.partition("%")[0]).is_global

    def _check(self, address: str) -> None:
        try:
            if not self._private:
                check_address(address, ())
        except Refused as error:
            raise OSError("its address is not public") from error

    async def read(self, url: str) -> tuple[dict[str, Any], str]:
        """A JSON object, and the URL that it came from after redirects."""
        for _ in range(MOST_REDIRECTS + 1):
            place = urlsplit(url).netloc
            session = self._own if place == self._chosen else self._others
            try:
                async with session.get(url, allow_redirects=False) as answer:
                    if answer.status in (301, 302, 303, 307, 308) and "location" in answer.headers:
                        url = urljoin(url, answer.headers["location"])
                        continue
                    if answer.status != 200:
                        raise Unreadable(f"{place} answers with status {answer.status}")
                    body = b""
                    async for part in answer.content.iter_chunked(65_536):
                        body += part
                        if len(body) > MOST_BYTES:
                            raise Unreadable(f"{place} sent more than {MOST_BYTES} bytes")
            except TimeoutError as error:
                raise Unreadable(f"{place} does not answer within {TIMEOUT:g} s") from error
            except (aiohttp.ClientError, OSError, ValueError) as error:
                # The text of other errors may have the URL with its key.
                cause = error.os_error if isinstance(error, aiohttp.ClientConnectorError) else error
                reason = str(cause) if isinstance(cause, OSError) else type(error).__name__
                raise Unreadable(f"{place} cannot be reached: {reason}") from error
            try:
                document = msgspec.json.decode(body)
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
                raise Unreadable(f"{place} sent text that is not valid JSON") from error
            if not isinstance(document, dict):
                raise Unreadable(f"{place} sent JSON that is not an object")
            return document, url
        raise Unreadable(f"{urlsplit(url).netloc} redirects more than {MOST_REDIRECTS} times")
