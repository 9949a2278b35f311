"""Two tables: error codes (the connection stays open) and close codes (it ends).

The words here are the words on the wire, in the logs and in metric labels; docs/protocol.md lists each of them and a
test compares. Close codes 4000-4499 tell a client to reconnect, 4500-4999 not to (as do 1003, 1007, 1008, 1009).
"""

from __future__ import annotations

from enum import IntEnum, StrEnum


class ErrorCode(StrEnum):
    """``code`` of an ``error`` message. None of them closes the connection by itself."""

    MALFORMED = "malformed"  # not JSON, or not an object or array of fixes
    INVALID = "invalid"  # a field is missing, of the wrong type or out of range; `field` names it
    UNKNOWN_TYPE = "unknown_type"  # a `type` that this hub does not know
    FORBIDDEN = "forbidden"  # the principal's role may not do this, or the driver is not its own
    TOO_MANY = "too_many"  # a limit on the number of things: fixes in a batch, subscriptions, drivers in one
    UNAVAILABLE = "unavailable"  # the log does not answer; resend from `msgNo` after `retryMs`
    UNAUTHENTICATED = "unauthenticated"  # the token of an `auth` is refused; the one before it remains valid


class Close(IntEnum):
    """Close codes that the hub sends. ``.reason`` is the word on the wire, in logs and in labels."""

    NORMAL = 1000
    PROTOCOL_ERROR = 1002
    UNSUPPORTED_DATA = 1003
    INVALID_DATA = 1007
    ABUSE = 1008
    TOO_BIG = 1009
    INTERNAL = 1011
    RESTART = 1012
    OVERLOADED = 1013
    TOKEN_EXPIRED = 4001
    RIGHTS_CHANGED = 4002
    SLOW_CONSUMER = 4008
    PING_TIMEOUT = 4009
    REVOKED = 4501

    @property
    def reason(self) -> str:
        return self.name.lower()

    @property
    def reconnect(self) -> bool:
        """Whether a client should reconnect (with jitter)."""
        return self in _RECONNECT or 4000 <= self < 4500


_RECONNECT = {Close.INTERNAL, Close.RESTART, Close.OVERLOADED}
