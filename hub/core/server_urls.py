"""URLs of servers in settings."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

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
