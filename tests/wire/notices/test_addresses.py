"""Which URLs and addresses channels may have (N5)."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.wire.notices.addresses import Refused, check_address, check_connection, check_url, networks

HOSTS = [
    "127.0.0.1", "127.0.0.1.", "127.1", "127.0.1", "2130706433", "017700000001", "0x7f000001", "0x7f.1", "0177.0.0.1",
    "0", "0.0.0.0", "127.255.255.254", "localhost", "LOCALHOST", "localhost.", "app.localhost", "[::1]",
    "[0:0:0:0:0:0:0:1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]",
    "[64:ff9b:1::7f00:1]", "[2002:7f00:1::]", "[2001:0:4136:e378:8000:63bf:80ff:fffe]", "[fe80::1]", "[fec0::1]",
    "[fc00::1]", "[::ffff:0:127.0.0.1]", "169.254.169.254", "[fd00:ec2::254]", "10.0.0.1", "172.16.0.1", "192.168.0.1",
    "100.64.0.1", "192.88.99.1", "224.0.0.1", "255.255.255.255", "127。0。0。1", "①②⑦.0.0.1",
]  # fmt: skip
"""Spellings of this machine and of private networks."""

OWN = networks("127.0.0.0/8,10.1.0.0/16")

SEEN_LATER = {"127。0。0。1", "①②⑦.0.0.1"}
"""Names to this check, addresses to the one of the connection."""


@pytest.mark.parametrize("host", sorted(set(HOSTS) - SEEN_LATER))
def test_a_private_host_is_refused_when_the_channel_is_made(host: str) -> None:
    with pytest.raises(Refused):
        check_url(f"https://{host}/", [])


@pytest.mark.parametrize(
    "url",
    [
        "",
        "x",
        "ftp://example.com",
        "file:///etc/passwd",
        "https://",
        "https:///x",
        "http://example.com",
        "https://example.com:22",
        "https://example.com:99999",
        "https://user@example.com",
        "https://user:password@example.com",
        "https://example.com/#x",
        "https://exa mple.com",
        "https://[::1",
        "https://[x]/",
        "https://exa\u2100mple.com/",
        "https://example.com/\r\nx",
        "gopher://example.com",
        "javascript:alert(1)",
    ],
)
def test_what_is_not_https_to_a_public_host_is_refused(url: str) -> None:
    with pytest.raises(Refused):
        check_url(url, [])


def test_a_refusal_has_nothing_of_a_password() -> None:
    with pytest.raises(Refused) as refused:
        check_url("https://user:hid/den@example.com", [])
    assert "hid" not in str(refused.value)


@pytest.mark.parametrize(
    "url",
    ["https://example.com", "https://example.com:8443/x?y=z", "https://8.8.8.8/", "https://[2606:4700::1111]/"],
)
def test_public_hosts_are_allowed(url: str) -> None:
    check_url(url, [])


def test_networks_of_ones_own_are_allowed_by_http_and_at_any_port() -> None:
    for url in ("http://127.0.0.1:9000/", "http://localhost:9000", "https://10.1.2.3:4444/", "http://receiver.lan:80/"):
        check_url(url, OWN)
    for url in ("http://10.2.0.1/", "http://169.254.169.254/", "http://[::1]:9000/"):
        with pytest.raises(Refused):
            check_url(url, OWN)


def test_the_connection_decides() -> None:
    check_connection("10.1.2.3", 80, False, OWN)
    check_connection("93.184.216.34", 443, True, OWN)
    for host, port, secure in [("93.184.216.34", 80, False), ("93.184.216.34", 22, True), ("10.2.0.1", 443, True)]:
        with pytest.raises(Refused):
            check_connection(host, port, secure, OWN)


@given(st.ip_addresses(v=4).filter(lambda address: not address.is_global))
def test_no_form_of_ipv6_hides_a_private_address(address: ipaddress.IPv4Address) -> None:
    number = int(address)
    forms = [
        int(ipaddress.IPv6Address("::ffff:0:0")) + number,
        int(ipaddress.IPv6Address("64:ff9b::")) + number,
        int(ipaddress.IPv6Address("2002::")) + (number << 80),
        number,
    ]
    for form in forms:
        with pytest.raises(Refused):
            check_address(str(ipaddress.IPv6Address(form)), [])


def test_a_text_that_is_no_address_is_refused() -> None:
    with pytest.raises(Refused, match="is not an address"):
        check_address("receiver.example", [])
    with pytest.raises(ValueError, match="does not appear"):
        networks("10.0.0.0/8,x")
