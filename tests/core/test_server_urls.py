"""URLs of servers in settings; tests/test_settings.py has them in the environment."""

from __future__ import annotations

import pytest

from hub.core.server_urls import check_server

SCHEMES = ("redis", "rediss", "unix")


@pytest.mark.parametrize("url", ["", "redis://localhost:6379/0", "unix:///run/redis.sock", "redis://:p%40ss@h"])
def test_a_readable_url_is_accepted(url: str) -> None:
    check_server(url, SCHEMES)


@pytest.mark.parametrize("url", ["redis://:pa/ss@h", "redis://h:port", "redis://[::1"])
def test_an_unreadable_one_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(ValueError, match="host and port cannot be read") as error:
        check_server(url, SCHEMES)
    assert "pa/ss" not in str(error.value)


def test_a_scheme_of_something_else_is_refused() -> None:
    with pytest.raises(ValueError, match="must begin with redis://, rediss:// or unix://"):
        check_server("http://h", SCHEMES)


@pytest.mark.parametrize("url", ["redis+sentinel://a:26379,b/mymaster", "redis+sentinel://u:p@[::1]:26379,h/m/1?x=y"])
def test_sentinels_are_several_places(url: str) -> None:
    check_server(url, (*SCHEMES, "redis+sentinel"))
