"""What the pages need to show the base map: its styles, and the hosts of their ``Content-Security-Policy``."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Literal
from urllib.parse import urlsplit

from msgspec import Struct

from hub.core.base_maps import Kind, map_source
from hub.edge.basemap.archives import archives
from hub.edge.basemap.styles import OPENFREEMAP, MapStyle, looks_of, styles_of
from hub.logs import Action, get_logger
from hub.settings import Settings, listed

log = get_logger()

UNDER_WAY = "it has not been read yet; reload the page in a few seconds"

FIRST_PAUSE, LONGEST_PAUSE = 5.0, 600.0
"""Seconds until a style is read again that could not be read; each pause is twice the last one."""


class BaseMapAnswer(Struct, rename="camel"):
    """``mode``: ``auto`` is silent where a style cannot be loaded, ``chosen`` tells it. ``problem``: why the hub could
    not read a style, or empty; then browsers may not be permitted to load its tiles."""

    mode: Literal["auto", "offline", "chosen"]
    styles: list[MapStyle]
    problem: str


class BaseMap:
    """The styles of the settings. ``run`` reads the hosts of each MapLibre style once."""

    def __init__(self, settings: Settings) -> None:
        """Raises ``StartupError`` for an archive that cannot be read."""
        kind = map_source(settings.map).kind
        self._mode: Literal["auto", "offline", "chosen"] = (
            "auto" if kind is Kind.AUTO else "offline" if kind is Kind.OFFLINE else "chosen"
        )
        self.styles = styles_of(settings)
        self.archives = archives(settings)
        looks = looks_of(self.styles)
        self._hosts = {origin for look in looks if (origin := _origin(look.url))}
        # The hosts of OpenFreeMap are known: with `auto` the hub itself needs no internet access.
        self._unread = {
            look.url: UNDER_WAY for look in looks if look.kind == "style" and not look.url.startswith(OPENFREEMAP)
        }
        self._embedders = listed(settings.embed_origins)
        self._set_policies()

    def _set_policies(self) -> None:
        self.policy = content_policy(self._hosts)
        """The ``Content-Security-Policy`` of pages."""
        self.share_policy = content_policy(self._hosts, self._embedders)
        """That of the pages of share links, which other sites may show in a frame."""

    def answer(self) -> BaseMapAnswer:
        """For the pages."""
        return BaseMapAnswer(self._mode, self.styles, next(filter(None, self._unread.values()), ""))

    async def run(self) -> None:
        """Read the styles until each has been read."""
        pause = FIRST_PAUSE
        while self._unread:
            await asyncio.gather(*map(self._read, list(self._unread)))
            if self._unread:
                await asyncio.sleep(pause)
                pause = min(LONGEST_PAUSE, pause * 2)

    async def _read(self, url: str) -> None:
        # Most hubs read no style: they need not load an HTTP client.
        from hub.edge.basemap.hosts import Unreadable, hosts_of

        try:
            found = await hosts_of(url)
        except Unreadable as error:
            if self._unread[url] != str(error):
                log.warning(Action.MAP_STYLE_UNREADABLE, host=urlsplit(url).netloc, problem=str(error))
            self._unread[url] = str(error)
            return
        del self._unread[url]
        self._hosts |= found
        self._set_policies()
        log.info(Action.MAP_STYLE_READ, host=urlsplit(url).netloc, hosts=len(found))


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


def content_policy(hosts: Iterable[str] = (), embedders: Iterable[str] = ()) -> str:
    """The ``Content-Security-Policy`` of pages: this site only, and the ``hosts`` of the base map. Pages of the origins
    ``embedders`` may show the page in a frame."""
    framed = " ".join(sorted(embedders)) or "'none'"
    others = " ".join(["'self'", *sorted(hosts)])
    return (
        "default-src 'self'; script-src 'self'; style-src 'self'; worker-src 'self'; "
        f"img-src {others} data: blob:; connect-src {others}; "
        f"object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors {framed}"
    )
