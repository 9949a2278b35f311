"""Checks of Origin, Sec-Fetch-Site and Host: which pages may open a socket, use an open hub, and use the cookie of a
login."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.requests import Request

from hub.edge.http.problems import Problem
from hub.settings import Settings, is_loopback, listed

JSON = "application/json"


def origin_allowed(settings: Settings, headers: Mapping[str, str]) -> bool:
    """Whether a browser's page may open a socket or send requests. A browser never adds tokens by itself, so only an
    open hub must check: a page of another site must not reach a hub on a developer's machine."""
    origin = headers.get("origin")
    if origin is None or not settings.open:
        return True
    try:
        return is_loopback(urlsplit(origin).hostname or "")
    except ValueError:
        return False


def own_page(settings: Settings, headers: Mapping[str, str]) -> bool:
    """Whether a handshake comes from a page of this hub's own address or of ``allowed_origins``, or from no page."""
    origin = headers.get("origin")
    if origin is None or origin in listed(settings.allowed_origins):
        return True
    try:
        page, public = urlsplit(origin.lower()), urlsplit(settings.public_url.lower())
    except ValueError:
        return False
    if page.scheme not in ("http", "https") or not page.netloc or page.path:
        return False
    return page.netloc == headers.get("host", "").lower() or page[:2] == public[:2]


def host_allowed(settings: Settings, headers: Mapping[str, str]) -> bool:
    """Whether ``Host`` is a loopback name, which an open hub requires: with DNS rebinding a page's own name points to
    this machine, so the browser sees the same origin, and only ``Host`` tells the name."""
    host = headers.get("host")
    if host is None or not settings.open:
        return True
    try:
        return is_loopback(urlsplit(f"//{host}").hostname or "")
    except ValueError:
        return False


def require_json(request: Request) -> None:
    """Raises ``Problem`` 415 for another content type than JSON: a form of another site can send the others without a
    preflight request, and JSON only where CORS allows the site."""
    require_media(request, JSON)


def require_media(request: Request, media: str) -> None:
    """Raises ``Problem`` 415 for another content type."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != media:
        raise Problem(415, f"content-type must be {media}")


def require_own_page(settings: Settings, request: Request) -> None:
    """Raises ``Problem`` 403 for a request that a page of another origin sent."""
    if foreign(settings, request.headers):
        raise Problem(403, "pages of other sites cannot use the cookie of a login; take the token in the body")


def foreign(settings: Settings, headers: Mapping[str, str]) -> bool:
    """Whether a page of another origin sent a request. Clients that are not browsers send neither header, and hold no
    cookie that a page could make them send."""
    site = headers.get("sec-fetch-site")
    if site is not None:  # no page can set it, and it holds whatever a proxy makes of Host
        return site not in ("same-origin", "none")
    origin = headers.get("origin")
    if origin is None:
        return False
    ours = {headers.get("host", "").lower(), _place(settings.public_url)} - {""}
    return _place(origin) not in ours


def _place(url: str) -> str:
    """Host and port as in a URL. The scheme is left out, because a proxy may terminate TLS."""
    try:
        return urlsplit(url).netloc.lower()
    except ValueError:
        return ""
