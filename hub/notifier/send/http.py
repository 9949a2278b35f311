"""Sending by HTTP, and what the answers mean."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import aiohttp

from hub.clock import SystemClock
from hub.notifier.send import guard
from hub.notifier.send.results import Result
from hub.wire.notices.addresses import Network, Refused, check_url
from hub.wire.notices.requests import Request

READ_BYTES = 65_536
"""Of an answer. Its content has no meaning; what is longer is cut off, with the connection."""


class Http:
    """Clients for both schemes, with connections that are kept open."""

    def __init__(self, timeout: float, allowed: Sequence[Network], clock: SystemClock) -> None:
        self._allowed, self._clock = allowed, clock
        self._sessions = {
            scheme: guard.session(timeout, allowed, secure=scheme == "https") for scheme in ("https", "http")
        }

    async def close(self) -> None:
        for session in self._sessions.values():
            await session.close()

    async def post(self, request: Request) -> Result:
        """Send a request. 2xx confirms; a redirect does not, because it could lead anywhere."""
        scheme = request.url.partition(":")[0].lower()
        try:
            check_url(request.url, self._allowed)
            async with self._sessions[scheme].post(
                request.url, data=request.body, headers=request.headers, allow_redirects=False
            ) as answer:
                await _skip(answer)
                return self._result(answer)
        except (Refused, guard.Unreachable) as error:
            return Result(False, error=str(error))
        except TimeoutError:
            return Result(False, error="the receiver did not answer in time")
        except (aiohttp.ClientError, aiohttp.InvalidURL, OSError, ValueError) as error:
            return Result(False, error=_words(error))

    def _result(self, answer: aiohttp.ClientResponse) -> Result:
        status = answer.status
        if 200 <= status < 300:
            return Result(True, status)
        if status == HTTPStatus.GONE:
            return Result(False, status, "the receiver answers 410: it wants no more", gone=True)
        kind = "redirects, which is not followed" if 300 <= status < 400 else f"answers {status}"
        return Result(False, status, f"the receiver {kind}", self._asked(answer.headers.get("retry-after", "")))

    def _asked(self, text: str) -> float | None:
        """Seconds of a ``Retry-After``; None without a valid one."""
        if text.isdecimal():
            return float(text[:9])
        try:
            at = parsedate_to_datetime(text)
        except ValueError:
            return None
        return max(0.0, at.timestamp() - self._clock.time()) if at.tzinfo is not None else None


async def _skip(answer: aiohttp.ClientResponse) -> None:
    """Read the content, so that the connection can be used again. The answer is valid without it."""
    left = READ_BYTES
    with contextlib.suppress(aiohttp.ClientError, TimeoutError):
        while left > 0 and (piece := await answer.content.read(left)):
            left -= len(piece)


def _words(error: BaseException) -> str:
    """Why a connection failed, without its URL, which may be secret."""
    if known := guard.words(error):
        return known
    match error:
        case aiohttp.ClientConnectorDNSError():
            return "the host is not known to DNS"
        case aiohttp.ClientConnectorError():
            return f"cannot connect: {error.os_error.strerror or type(error.os_error).__name__}"
        case aiohttp.InvalidURL():
            return "the URL is invalid"
    return f"the connection fails: {type(error).__name__}"
