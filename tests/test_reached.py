"""Addresses of servers in reports: never with credentials."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from hub.reached import address_of


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("redis://cache.example", "cache.example:6379"),
        ("rediss://user:secret@cache.example:6380/0", "cache.example:6380"),
        ("redis+sentinel://:secret@a:26379,b:26380,c/mymaster", "a:26379,b:26380,c:6379"),
        ("redis://[::1]:6380", "[::1]:6380"),
        ("redis://[::1]", "[::1]:6379"),
        ("unix:///run/redis.sock?db=1", "/run/redis.sock"),
        ("unix://:secret@/run/redis.sock", "/run/redis.sock"),
        ("postgresql://u:secret@a:1,b:2/hub", "a:1,b:2"),
        ("postgresql://u:secret@/hub?host=/run/postgresql&password=secret", "/run/postgresql"),
        ("postgresql://u:secret@%2Frun%2Fpostgresql/hub", "/run/postgresql"),
        ("postgresql:///hub", "the default address"),
    ],
)
def test_the_address_of_a_url(url: str, address: str) -> None:
    assert address_of(url, 6379) == address


@given(some.text("abc%@:0", min_size=1))
def test_the_password_is_in_no_address(password: str) -> None:
    assert address_of(f"redis://user:{password}@host:1/0", 6379) == "host:1"
