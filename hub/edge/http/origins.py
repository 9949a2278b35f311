"""What a browser says of the page that has sent a request, and by which name it reached us: who may open a socket, ask
an open hub, and use the cookie of a login."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.requests import Request

from hub.edge.http.problems import Problem
from hub.settings import Settings, is_loopback, listed


def origin_allowed(settings: Settings, headers: Mapping[str, str]) -> bool:
    """Whether a browser's page may open a socket or ask for anything. Tokens are never ambient, so only an open hub has
    to ask: there a page of another site must not reach into a developer's machine."""
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
    """Whether a request names us as this machine. On an open hub it must: a page whose name was bound anew to a
    loopback address (DNS rebinding) is of the same origin as we, and only ``Host`` still says which name that was."""
    host = headers.get("host")
    if host is None or not settings.open:
        return True
    try:
        return is_loopback(urlsplit(f"//{host}").hostname or "")
    except ValueError:
        return False


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
