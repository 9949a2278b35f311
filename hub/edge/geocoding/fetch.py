"""One request to the geocoder. Redirects are not followed: they could lead anywhere. Its address is any, also a private
one, because the operator chose it."""

from __future__ import annotations

import aiohttp

from hub import __version__
from hub.edge.geocoding.away import GeocoderAway
from hub.wire.geocoders import Address, Kind, Unusable, answers_of

TIMEOUT = 5.0
"""Seconds for an answer. A public Nominatim takes up to two."""

MOST_BYTES = 1_048_576
"""Of an answer. Ten addresses have 10 kB."""

REFUSALS = (401, 403, 429)
"""Statuses after which a geocoder must not be asked again at once: no key, blocked, too many requests."""


class Client:
    """One session for all requests; Nominatim requires a program to name itself."""

    def __init__(self, kind: Kind) -> None:
        self._kind = kind
        self._session = aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=TIMEOUT),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"accept": "application/json", "user-agent": f"location-hub/{__version__}"},
            trust_env=False,
        )

    async def close(self) -> None:
        await self._session.close()

    async def answers(self, url: str) -> list[Address]:
        """The answers to the question of a URL. Raises ``GeocoderAway``."""
        try:
            async with self._session.get(url, allow_redirects=False) as answer:
                if answer.status == 404 and self._kind == "nominatim":
                    return []  # some versions answer so where nothing is
                if answer.status != 200:
                    problem = f"the geocoder answers with status {answer.status}"
                    raise GeocoderAway(problem, refused=answer.status in REFUSALS)
                body = b""
                async for part in answer.content.iter_chunked(65_536):
                    body += part
                    if len(body) > MOST_BYTES:
                        raise GeocoderAway(f"the geocoder sent more than {MOST_BYTES} bytes")
            return answers_of(self._kind, body)
        except TimeoutError as error:
            raise GeocoderAway(f"the geocoder does not answer within {TIMEOUT:g} s") from error
        except Unusable as error:
            raise GeocoderAway(f"the geocoder is not a {self._kind}: {error}") from error
        except (aiohttp.ClientError, OSError, ValueError) as error:
            # The text of the error may have the URL.
            raise GeocoderAway(f"the geocoder cannot be reached: {type(error).__name__}") from error
