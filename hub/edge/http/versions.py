"""Editing without overwriting somebody else: ``ETag`` is the version that was read, ``If-Match`` the one to change."""

from __future__ import annotations

import re

from starlette.requests import Request

from hub.edge.http.problems import Problem, invalid

_ETAG = re.compile(r'"([1-9][0-9]{0,9})"\Z')


def etag(version: int) -> str:
    """The value of ``ETag`` for a row's version."""
    return f'"{version}"'


def expected_version(request: Request) -> int | None:
    """The version that a change is meant for; None for ``*``, which takes any. Raises ``Problem``: 428 for a request
    without ``If-Match``, 422 for one with something that no answer of ours had as its ``ETag``."""
    given = request.headers.getlist("if-match")
    if not given:
        raise Problem(428, "If-Match is needed: the ETag of what you read, or * to change whatever is there")
    text = given[0].strip() if len(given) == 1 else ""
    if text == "*":
        return None
    match = _ETAG.match(text)
    if match is None:
        raise invalid("If-Match", "is no ETag of this hub, which has one number in double quotes")
    return int(match[1])


def stale(version: int) -> Problem:
    """412: somebody else was faster. ``version`` is what is there now, and goes out as ``ETag``."""
    return Problem(
        412, "it was changed since you read it: read it again, then change it", headers={"etag": etag(version)}
    )
