"""Links in e-mails by which a mailbox takes itself out of a channel."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from typing import NamedTuple
from uuid import UUID

from hub.stores.seal import Seal, Unreadable

PATH = "/api/v1/unsubscribe/"

CONTEXT = "unsubscribe"

ID_BYTES, DIGEST_BYTES = 16, 16


class Link(NamedTuple):
    """A channel, and the digest of one of its mailboxes: the link does not tell the mailbox."""

    channel_id: UUID
    digest: bytes

    def of(self, mailbox: str) -> bool:
        """Whether the link is that of a mailbox."""
        return hmac.compare_digest(self.digest, _digest(mailbox))


def token(seal: Seal, channel_id: UUID, mailbox: str) -> str:
    """The last part of the link, which the hub only can make."""
    sealed = seal.close(channel_id.bytes + _digest(mailbox), CONTEXT)
    return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def link(seal: Seal, token: str) -> Link | None:
    """What a token stands for; None for one that the hub has not made."""
    try:
        sealed = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        plain = seal.open(sealed, CONTEXT)
    except (binascii.Error, ValueError, Unreadable):
        return None
    return Link(UUID(bytes=plain[:ID_BYTES]), plain[ID_BYTES:])


def _digest(mailbox: str) -> bytes:
    return hashlib.sha256(mailbox.encode()).digest()[:DIGEST_BYTES]
