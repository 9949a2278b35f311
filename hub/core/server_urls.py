"""URLs of servers in settings."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from hub.core.network import is_loopback

_PLACE = re.compile(r"(\[[^\[\]]*\]|[^:\[\]]*)(:[0-9]{1,5})?\Z")
"""A host, and a port; the host may be empty, an address in brackets, or a percent-encoded path."""


def check_server(text: str, schemes: tuple[str, ...]) -> None:
    """Raises ``ValueError`` for a URL that its library would refuse later, or read differently. The URL is not
    repeated: it may contain a password."""
    if not text:
        return
    *others, last = (f"{scheme}://" for scheme in schemes)
    unreadable = ValueError(
        "host and port cannot be read; the characters / ? # @ : [ ] in a password must be percent-encoded"
    )
    try:
        url = urlsplit(text)
    except ValueError:
        raise unreadable from None  # its text may repeat a part of the password
    if url.scheme not in schemes or not text.lower().startswith(f"{url.scheme}://"):
        raise ValueError(f"must begin with {', '.join(others)} or {last}")
    places = url.netloc.rpartition("@")[2].split(",")
    if not all(map(_PLACE.match, places)) or ("@" in url.path + url.query + url.fragment and "@" not in url.netloc):
        raise unreadable


def check_key_source(setting: str, text: str) -> None:
    """Raises ``ValueError``, which names the ``setting``, for a URL whose answers, keys of signatures, others could
    forge."""
    try:
        url = urlsplit(text)
        secure = url.scheme == "https" or (url.scheme == "http" and is_loopback(url.hostname or ""))
        url.port  # noqa: B018 - raises for an invalid port
    except ValueError as error:
        raise ValueError(f"{setting}: {error}") from error
    if not secure:
        raise ValueError(f"{setting}: must be https, or http on loopback: forged keys would allow forged tokens")


def check_provider(jwks_url: str, issuer: str, audience: str) -> None:
    """Raises ``ValueError``, which names the setting, for an identity provider whose tokens could be forged."""
    check_key_source("HUB_JWKS_URL", jwks_url)
    if not issuer:
        raise ValueError("HUB_JWT_ISSUER: is required with HUB_JWKS_URL")
    if not audience:
        raise ValueError("HUB_JWT_AUDIENCE: is required with HUB_JWKS_URL")
