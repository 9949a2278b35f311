"""Client networks."""

from __future__ import annotations

import pytest

from hub.core.network import network_of, plain


@pytest.mark.parametrize(
    ("host", "network"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::", "2001:db8:1:3::/64"),
        ("", ""),
        ("unknown", "unknown"),
        ("x" * 1000, "x" * 64),
    ],
)
def test_what_counts_as_one_address(host: str, network: str) -> None:
    assert network_of(host) == network


def test_a_mapped_address_is_the_address_that_it_is() -> None:
    assert plain("::ffff:192.0.2.1") == "192.0.2.1"
    assert [plain(host) for host in ("192.0.2.1", "2001:db8::1", "unknown", "")] == [
        "192.0.2.1",
        "2001:db8::1",
        "unknown",
        "",
    ]
