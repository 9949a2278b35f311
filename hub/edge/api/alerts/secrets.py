"""The secrets of channels in the API: checked, sealed, and shown once."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from importlib.util import find_spec
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from hub.edge.http.problems import faulty, invalid, unavailable
from hub.extras import missing
from hub.permissions import Exposed
from hub.settings import Settings
from hub.stores.seal import Seal, Unreadable, seal_of
from hub.stores.unsubscribing import Link, link
from hub.wire.notices.addresses import Refused, check_url, networks
from hub.wire.notices.kinds import EXTRAS, KINDS, SCHEMES, Secrets, SigningKey, split, unpacked, urls
from hub.wire.notices.push import new_private_key, public_key
from hub.wire.notices.signatures import SECRET_BYTES, secret_text
from hub.wire.validation import fault_of

OVERLAP = timedelta(hours=24)
"""Time in which the secret before a rotation signs, too: long enough to deploy the new one."""


class Vault:
    """Seals what the API gets. Its methods raise ``Problem``."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._seal: Seal | None = None

    def checked(self, kind: str, config: dict[str, Any], present: dict[str, Any] | None = None) -> Struct:
        """The config of a kind; what it lacks is that of ``present``. Raises ``Problem`` 422."""
        try:
            config = unpacked(kind, config)
        except ValueError as error:
            raise invalid("config.url", str(error)) from error
        config = {name: value for name, value in ((present or {}) | config).items() if value is not None}
        try:
            found: Struct = msgspec.convert(config, KINDS[kind])
        except msgspec.ValidationError as error:
            fault = fault_of(error, KINDS[kind])
            raise faulty(fault._replace(field=f"config.{fault.field}" if fault.field else "config")) from error
        if kind == "apprise" and self._settings.apprise == "off":
            raise invalid("kind", "apprise is off: its connections are not checked; the operator sets HUB_APPRISE=on")
        extra, module = EXTRAS.get(kind, ("", "hub"))
        if find_spec(module) is None:
            raise invalid("kind", f"{kind} {missing(extra)}")
        for field, url in urls(found):
            try:
                check_url(url, networks(self._settings.hooks_allow), SCHEMES.get(kind, "https"))
            except Refused as error:
                raise invalid(f"config.{field}", str(error)) from error
        return found

    def made(self, id: UUID, kind: str, config: Struct) -> tuple[dict[str, Any], Secrets]:
        """What is stored of a new channel: its config, and its secrets."""
        shown, fields = split(kind, config)
        secrets = Secrets(fields)
        if kind == "webhook":
            secrets.keys = [SigningKey(new_secret())]
        elif kind == "webpush":
            secrets.private_key = new_private_key()
            shown["publicKey"] = public_key(secrets.private_key)
        return shown, secrets

    def close(self, id: UUID, secrets: Any) -> bytes:
        """Sealed secrets of a channel, or of a browser."""
        return self._opened().close(msgspec.json.encode(secrets), str(id))

    def open(self, id: UUID, sealed: bytes) -> Secrets:
        """The secrets of a channel; none if they cannot be read any more, since a change replaces them."""
        try:
            return msgspec.json.decode(self._opened().open(sealed, str(id)), type=Secrets)
        except Unreadable:
            return Secrets()

    def link(self, token: str) -> Link | None:
        """What a link to unsubscribe stands for; None for one that the hub has not made."""
        return link(self._opened(), token)

    def _opened(self) -> Seal:
        if self._seal is None:
            try:
                self._seal = seal_of(self._settings)
            except (OSError, Exposed) as error:
                raise unavailable(f"the secrets of channels cannot be encrypted: {error}", 60) from error
        return self._seal


def new_secret() -> str:
    """A secret of a webhook."""
    return secret_text(os.urandom(SECRET_BYTES))


def rotated(secrets: Secrets, now: datetime) -> Secrets:
    """The secrets with a new first key; the present one signs for ``OVERLAP``, older ones no more."""
    present = [SigningKey(key.secret, now + OVERLAP) for key in secrets.keys[:1]]
    return Secrets(secrets.fields, [SigningKey(new_secret()), *present], secrets.private_key)
