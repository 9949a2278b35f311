"""Which requests with a cookie come from our own page."""

from __future__ import annotations

import pytest

from hub.edge.page_requests import foreign
from hub.settings import Settings

HOST = "hub.example:8080"


@pytest.mark.parametrize(
    ("headers", "is_foreign"),
    [
        ({}, False),
        ({"sec-fetch-site": "same-origin"}, False),
        ({"sec-fetch-site": "none"}, False),
        ({"sec-fetch-site": "same-site"}, True),
        ({"sec-fetch-site": "cross-site"}, True),
        ({"sec-fetch-site": "cross-site", "origin": "http://hub.example:8080"}, True),
        ({"sec-fetch-site": ""}, True),
        ({"sec-fetch-site": "same-origin", "origin": "https://hub.example"}, False),
        ({"origin": "http://hub.example:8080"}, False),
        ({"origin": "https://HUB.example:8080"}, False),
        ({"origin": "http://hub.example"}, True),
        ({"origin": "http://hub.example:8081"}, True),
        ({"origin": "http://hub.example:8080.elsewhere.example"}, True),
        ({"origin": "http://elsewhere.example"}, True),
        ({"origin": "null"}, True),
        ({"origin": ""}, True),
        ({"origin": "http://[::1"}, True),
    ],
)
def test_a_page_of_another_origin_is_foreign(headers: dict[str, str], is_foreign: bool) -> None:
    assert foreign(Settings(), {"host": HOST, **headers}) is is_foreign


def test_the_public_url_is_ours_whatever_a_proxy_makes_of_host() -> None:
    settings = Settings(public_url="https://screen.example/hub")
    assert not foreign(settings, {"host": "127.0.0.1:8080", "origin": "https://screen.example"})
    assert foreign(settings, {"host": "127.0.0.1:8080", "origin": "https://other.example"})


def test_without_host_no_origin_is_ours() -> None:
    assert foreign(Settings(), {"origin": "http://hub.example"})
    assert foreign(Settings(), {"origin": ""})
