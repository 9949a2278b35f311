"""The language in which a page is sent: that of a user's choice, else the first of the browser's that has messages."""

from __future__ import annotations

from collections.abc import Collection

COOKIE = "language"
"""Name of the cookie that the page sets when a user chooses a language (clients/web/js/i18n/locale.js)."""

DEFAULT = "en"
"""The language of a browser whose languages have no messages; every message exists in it."""

MOST = 20
"""Languages of a header that are looked at: browsers send a few."""


def language_of(chosen: str, accepted: str, languages: Collection[str]) -> str:
    """One of ``languages``, by the value of the cookie and of ``Accept-Language``, both empty where a request has none.
    The first part of a tag decides, as in the page."""
    if chosen in languages:
        return chosen
    first = (tag.partition("-")[0].lower() for tag in preferred(accepted))
    return next((language for language in first if language in languages), DEFAULT)


def preferred(header: str) -> list[str]:
    """The language tags of an ``Accept-Language`` (RFC 9110), the preferred first; without those of weight 0, and
    without those whose weight is not a number."""
    weighted = []
    for part in header.split(",")[:MOST]:
        tag, _, rest = part.strip().partition(";")
        name, _, value = rest.strip().partition("=")
        try:
            weight = float(value) if name.strip() == "q" else 1.0
        except ValueError:
            continue
        if tag and weight > 0:
            weighted.append((weight, tag.strip()))
    # Equal weights keep their order.
    return [tag for _, tag in sorted(weighted, key=lambda each: -each[0])]
