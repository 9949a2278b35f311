"""Where the token of a request or handshake is found."""

from __future__ import annotations

import pytest

from hub.edge.http.bearer import bearer
from hub.identity.tokens import Unauthenticated
from tests.identity.test_tokens import base64url


@pytest.mark.parametrize(
    ("headers", "subprotocols", "found"),
    [
        ({}, [], None),
        ({"authorization": "Bearer a.b.c"}, [], "a.b.c"),
        ({"authorization": "bearer  a.b.c "}, [], "a.b.c"),
        ({"authorization": "Basic a.b.c"}, [], None),
        ({"authorization": "Bearer"}, [], None),
        ({}, ["hub.v1", "bearer.a.b.c"], "a.b.c"),
        ({}, ["hub.v1", "bearer." + base64url(b"a.b.c")], "a.b.c"),
        ({"authorization": "Bearer a.b.c"}, ["hub.v1", "bearer.x.y.z"], "a.b.c"),
        ({}, ["hub.v1"], None),
    ],
)
def test_where_a_token_may_stand(headers: dict[str, str], subprotocols: list[str], found: str | None) -> None:
    assert bearer(headers, subprotocols) == found


def test_a_subprotocol_that_is_no_base64url() -> None:
    with pytest.raises(Unauthenticated):
        bearer({}, ["bearer.é"])
