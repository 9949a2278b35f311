"""Discovery: what a provider may say of itself, and how often it is asked."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from hub.identity.oidc import client as oidc
from hub.identity.oidc.client import DISCOVERY, Client, Unavailable
from hub.identity.oidc.id_token import Refused
from hub.settings import Settings
from tests.identity.test_tokens import SECRET
from tests.support.api.oidc import CLIENT, Idp, idp


@pytest.fixture
def provider() -> Iterator[Idp]:
    with idp() as running:
        yield running


def client_of(provider: Idp, **settings: Any) -> Client:
    return Client(Settings(jwt_secret=SECRET, oidc_issuer=provider.issuer, oidc_client_id=CLIENT, **settings))


@pytest.mark.parametrize(
    "metadata",
    [
        {"issuer": "https://other.example"},
        {"issuer": None},
        {"token_endpoint": None},
        {"token_endpoint": "http://other.example/token"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"authorization_endpoint": "https://other.example/authorize\r\nset-cookie: a=b"},
        {"end_session_endpoint": "data:text/html,x"},
        {"jwks_uri": "file:///etc/passwd"},
        {"authorization_endpoint": "https://[::1"},
    ],
)
async def test_metadata_that_will_not_do_is_an_outage(provider: Idp, metadata: dict[str, Any]) -> None:
    provider.metadata = metadata
    client = client_of(provider)
    for _ in range(3):
        with pytest.raises(Unavailable):
            await client.metadata()
    # A provider that fails is not asked at each click.
    assert provider.asked == [DISCOVERY]


async def test_many_logins_ask_the_provider_once_until_the_refresh(provider: Idp) -> None:
    client = client_of(provider)
    await asyncio.gather(*(client.metadata() for _ in range(50)))
    assert provider.asked == [DISCOVERY]
    client = client_of(provider, jwks_refresh=0.001)
    await client.metadata()
    await asyncio.sleep(0.002)
    await client.metadata()
    assert provider.asked == [DISCOVERY] * 3


async def test_a_provider_that_comes_back_is_found(provider: Idp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(oidc, "RETRY", 0.0)
    provider.metadata = {"issuer": None}
    client = client_of(provider)
    with pytest.raises(Unavailable):
        await client.metadata()
    provider.metadata = {}
    assert (await client.metadata()).issuer == provider.issuer


async def test_a_large_answer_is_refused(provider: Idp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(oidc, "MOST_BYTES", 100)
    with pytest.raises(Unavailable, match="more than 100 bytes"):
        await client_of(provider).metadata()


async def test_an_announced_issuer_is_required(provider: Idp) -> None:
    provider.metadata = {"authorization_response_iss_parameter_supported": True}
    client = client_of(provider)
    await client.check_issuer(provider.issuer)
    for given in (None, "", "https://other.example", provider.issuer + "/"):
        with pytest.raises(Refused):
            await client.check_issuer(given)


async def test_a_provider_without_a_logout_has_no_address_for_it(provider: Idp) -> None:
    provider.metadata = {"end_session_endpoint": None}
    assert await client_of(provider).logout_url("https://hub.example/", None) is None
    provider.metadata = {"end_session_endpoint": f"{provider.issuer}/end?ui=1"}
    url = await client_of(provider).logout_url("https://hub.example/", None)
    assert url == (
        f"{provider.issuer}/end?ui=1&client_id={CLIENT}&post_logout_redirect_uri=https%3A%2F%2Fhub.example%2F"
    )
