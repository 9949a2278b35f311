"""Requests that a browser sends a cookie with: they count only where our own page has sent them."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.requests import Request

from hub.edge.problems import Problem
from hub.settings import Settings


def require_json(request: Request) -> None:
    """Raises ``Problem`` 415 for a body that does not call itself JSON: a form of another site can send any other kind
    without asking, and JSON only where we allow that site."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise Problem(415, "content-type must be application/json")


def require_own_page(settings: Settings, request: Request) -> None:
    """Raises ``Problem`` 403 where a browser says that the page of another origin has sent the request."""
    if foreign(settings, request.headers):
        raise Problem(403, "pages of other sites cannot use the cookie of a login; take the token in the body")


def foreign(settings: Settings, headers: Mapping[str, str]) -> bool:
    """Whether the page of another origin has sent a request. What is no browser says nothing, and has no cookie that
    somebody else could make it send."""
    site = headers.get("sec-fetch-site")
    if site is not None:  # no page can set it, and it holds whatever a proxy makes of Host
        return site not in ("same-origin", "none")
    origin = headers.get("origin")
    if origin is None:
        return False
    ours = {headers.get("host", "").lower(), _place(settings.public_url)} - {""}
    return _place(origin) not in ours


def _place(url: str) -> str:
    """Host and port as they stand in a URL. The scheme is left out: a proxy before us may have taken TLS off."""
    try:
        return urlsplit(url).netloc.lower()
    except ValueError:
        return ""
