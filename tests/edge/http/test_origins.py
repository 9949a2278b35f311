"""Whose page may open a socket or ask an open hub, and which requests with a cookie come from our own."""

from __future__ import annotations

import pytest

from hub.edge.http.origins import foreign, host_allowed, origin_allowed
from hub.settings import Settings

HOST = "hub.example:8080"
GUARDED = Settings(jwt_secret="a secret of at least thirty-two bytes")


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [
        (None, True),
        ("http://localhost:8080", True),
        ("http://127.0.0.1", True),
        ("http://[::1]:3000", True),
        ("https://hub.example", False),
        ("http://localhost.hub.example", False),
        ("http://127.0.0.1.hub.example", False),
        ("http://hub.example/localhost", False),
        ("http://localhost@hub.example", False),
        ("null", False),
        ("file://", False),
        ("http://[", False),
        ("", False),
    ],
)
def test_pages_of_other_sites_do_not_reach_an_open_hub(origin: str | None, allowed: bool) -> None:
    headers = {} if origin is None else {"origin": origin}
    assert origin_allowed(Settings(), headers) is allowed
    # A guarded hub need not ask: a page has to know a token.
    assert origin_allowed(GUARDED, headers)


@pytest.mark.parametrize(
    ("host", "allowed"),
    [
        (None, True),
        ("localhost", True),
        ("LOCALHOST:8080", True),
        ("127.0.0.1:8080", True),
        ("[::1]:8080", True),
        ("hub.example:8080", False),
        ("localhost.hub.example", False),
        ("127.0.0.1.hub.example:8080", False),
        ("localhost@hub.example", False),
        ("192.168.1.2", False),
        ("[", False),
        ("", False),
    ],
)
def test_an_open_hub_answers_to_the_names_of_its_machine(host: str | None, allowed: bool) -> None:
    headers = {} if host is None else {"host": host}
    assert host_allowed(Settings(), headers) is allowed
    assert host_allowed(GUARDED, headers)


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
