"""Edits that cannot overwrite a newer version: ``ETag`` is the version that was read, ``If-Match`` the expected."""

from __future__ import annotations

import re

from starlette.requests import Request

from hub.edge.http.problems import Problem, invalid

_ETAG = re.compile(r'"(0|[1-9][0-9]{0,9})"\Z')


def etag(version: int) -> str:
    """The value of ``ETag`` for a row's version."""
    return f'"{version}"'


def expected_version(request: Request) -> int | None:
    """The version that a change applies to; None for ``*``, which is any. Raises ``Problem``: 428 for a request
    without ``If-Match``, 422 for a value that is not an ``ETag`` of this hub."""
    given = request.headers.getlist("if-match")
    if not given:
        raise Problem(428, "If-Match: required; the ETag that was read, or * for any version")
    text = given[0].strip() if len(given) == 1 else ""
    if text == "*":
        return None
    match = _ETAG.match(text)
    if match is None:
        raise invalid("If-Match", "must be * or an ETag of this hub: one number in double quotes")
    return int(match[1])


def stale(version: int) -> Problem:
    """412: the version is no longer current. ``version`` is the current one, sent as ``ETag``."""
    return Problem(
        412, "the version in If-Match is not current: read again, then change", headers={"etag": etag(version)}
    )
