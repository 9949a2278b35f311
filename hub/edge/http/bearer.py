"""The token of a request or handshake: the ``Authorization`` header, or a browser's subprotocol."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Mapping

from hub.identity.tokens import API_KEY, PHONE_TOKEN, Unauthenticated

TOKEN_SUBPROTOCOL = "bearer."


def bearer(headers: Mapping[str, str], subprotocols: Iterable[str] = ()) -> str | None:
    """The token of ``Authorization: Bearer``, or of a browser's ``bearer.<token>`` subprotocol (the token itself, or
    the unpadded base64url of a JWT)."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token.strip():
        return token.strip()
    for offered in subprotocols:
        if offered.startswith(TOKEN_SUBPROTOCOL):
            token = offered.removeprefix(TOKEN_SUBPROTOCOL)
            whole = token.count(".") == 2 or PHONE_TOKEN.match(token) or API_KEY.match(token)
            return token if whole else _from_base64url(token)
    return None


def _from_base64url(text: str) -> str:
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode("ascii")
    except (binascii.Error, UnicodeDecodeError, ValueError) as error:
        raise Unauthenticated("the token is not base64url") from error
