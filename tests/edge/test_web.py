"""The files of the dispatcher screen: what is served, for how long it is kept, and how long it is."""

from __future__ import annotations

import gzip
import re

import pytest

from tests.support.api.calls import call, get
from tests.support.running import Edge


def versioned(hub: Edge) -> str:
    """The address of the folder in the page that is served now."""
    found = re.search(r'"(/web/v-[0-9a-f]{12}/)js/main\.js"', get(hub, "/").body.decode())
    assert found
    return found[1]


def test_the_page_names_files_by_their_version_and_is_asked_for_anew(hub: Edge) -> None:
    answer = get(hub, "/")
    assert answer.headers["cache-control"] == "no-cache"
    assert "script-src 'self';" in answer.headers["content-security-policy"]
    assert answer.body.decode().count("/web/") == answer.body.decode().count(versioned(hub))


def test_what_has_the_version_is_kept_for_ever_and_what_has_not_is_asked_for_again(hub: Edge) -> None:
    kept = get(hub, versioned(hub) + "js/main.js")
    assert (kept.status, kept.headers["cache-control"]) == (200, "public, max-age=31536000, immutable")
    for path in ("/web/js/main.js", "/web/v-000000000000/js/main.js"):
        answer = get(hub, path, **{"accept-encoding": "gzip"})
        assert (answer.status, answer.headers["cache-control"], answer.body) == (200, "no-cache", kept.body)
        again = get(hub, path, **{"if-none-match": answer.headers["etag"]})
        assert (again.status, again.body) == (304, b"")


def test_who_takes_gzip_gets_a_third(hub: Edge) -> None:
    path = versioned(hub) + "js/driver-day.js"
    plain, packed = get(hub, path), get(hub, path, **{"accept-encoding": "gzip, br"})
    assert plain.headers["vary"] == packed.headers["vary"] == "accept-encoding"
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.headers["content-type"] == plain.headers["content-type"]
    assert gzip.decompress(packed.body) == plain.body
    assert len(packed.body) < len(plain.body) / 2
    assert get(hub, path, **{"accept-encoding": "gzip"}).body == packed.body
    assert call(hub, "HEAD", path, None, {"accept-encoding": "gzip"}).body == b""
    part = get(hub, path, **{"accept-encoding": "gzip", "range": "bytes=0-9"})
    assert (part.status, part.body) == (206, plain.body[:10])


@pytest.mark.parametrize(
    "path",
    ["vendor.py", "package.json/", "index.html", "../../pyproject.toml", "%2e%2e/messages.py", "js", "js/none.js"],
)
def test_nothing_else_is_served(hub: Edge, path: str) -> None:
    for folder in ("/web/", versioned(hub)):
        answer = get(hub, folder + path)
        assert (answer.status, answer.headers["content-type"]) == (404, "application/problem+json")
