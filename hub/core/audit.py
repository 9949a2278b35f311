"""The vocabulary of the audit log: who changes or exports something, and what."""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

from msgspec import Struct

from hub.core.principal import Principal, Role

PHONE = "phone:"
"""Prefix of the subject of a phone token's principal; the token's id follows."""

KEY = "key:"
"""Prefix of the subject and the credential of an API key's principal; the key's id follows."""

ISSUED = "token:"
"""Prefix of the credential of a token with an id (``jti``); the id follows."""


class Audited(StrEnum):
    """What the audit log records, as ``<kind of the subject>.<what was done>``. docs/identity.md explains each."""

    USER_CREATED = "user.created"
    USER_CHANGED = "user.changed"
    USER_DELETED = "user.deleted"
    USER_PASSWORD_RESET = "user.password_reset"
    USER_PASSWORD_CHANGED = "user.password_changed"
    USER_TOTP_ENABLED = "user.totp_enabled"
    USER_TOTP_REMOVED = "user.totp_removed"
    USER_CONNECTED = "user.connected"
    USER_DISCONNECTED = "user.disconnected"
    DRIVER_CREATED = "driver.created"
    DRIVER_CHANGED = "driver.changed"
    DRIVER_DELETED = "driver.deleted"
    DRIVER_REMOVED = "driver.removed"
    HISTORY_ERASED = "history.erased"
    RETENTION_CHANGED = "retention.changed"
    GROUP_CHANGED = "group.changed"
    STATE_CHANGED = "driver.state_changed"
    VEHICLE_CREATED = "vehicle.created"
    VEHICLE_CHANGED = "vehicle.changed"
    VEHICLE_DELETED = "vehicle.deleted"
    PHONE_TOKEN_CREATED = "phone_token.created"
    PHONE_TOKEN_REVOKED = "phone_token.revoked"
    API_KEY_CREATED = "api_key.created"
    API_KEY_REVOKED = "api_key.revoked"
    TOKEN_ISSUED = "token.issued"
    TOKEN_REVOKED = "token.revoked"
    SHARE_LINK_CREATED = "share_link.created"
    SHARE_LINK_ENDED = "share_link.ended"
    FENCE_CREATED = "fence.created"
    FENCE_CHANGED = "fence.changed"
    FENCE_DELETED = "fence.deleted"
    FENCE_BACKFILLED = "fence.backfilled"
    PLACE_CREATED = "place.created"
    PLACE_CHANGED = "place.changed"
    PLACE_DELETED = "place.deleted"
    JOB_CREATED = "job.created"
    JOB_CHANGED = "job.changed"
    JOB_DELETED = "job.deleted"
    JOB_CANCELLED = "job.cancelled"
    ROUTE_CREATED = "route.created"
    ROUTE_CHANGED = "route.changed"
    ROUTE_PUBLISHED = "route.published"
    ROUTE_CANCELLED = "route.cancelled"
    PLAN_APPLIED = "plan.applied"
    RULE_CREATED = "rule.created"
    RULE_CHANGED = "rule.changed"
    RULE_DELETED = "rule.deleted"
    MAINTENANCE_DONE = "rule.maintenance_done"
    REPORT_SCHEDULE_CREATED = "report_schedule.created"
    REPORT_SCHEDULE_CHANGED = "report_schedule.changed"
    REPORT_SCHEDULE_DELETED = "report_schedule.deleted"
    CHANNEL_CREATED = "channel.created"
    CHANNEL_CHANGED = "channel.changed"
    CHANNEL_DELETED = "channel.deleted"
    CHANNEL_SECRET_REPLACED = "channel.secret_replaced"
    CHANNEL_REPLAYED = "channel.replayed"
    CHANNEL_DISABLED = "channel.disabled"
    MAILBOX_UNSUBSCRIBED = "channel.mailbox_unsubscribed"
    BROWSER_SUBSCRIBED = "browser.subscribed"
    BROWSER_UNSUBSCRIBED = "browser.unsubscribed"
    ALERT_ACKNOWLEDGED = "alert.acknowledged"
    QUARANTINE_SENT = "quarantine.sent"
    QUARANTINE_CLEARED = "quarantine.cleared"
    DEAD_LETTER_SENT = "dead_letter.sent"
    DEAD_LETTERS_CLEARED = "dead_letter.cleared"
    TRACK_EXPORTED = "track.exported"
    VEHICLE_TRACK_EXPORTED = "vehicle_track.exported"
    TRIPS_EXPORTED = "trips.exported"
    STOPS_EXPORTED = "stops.exported"
    VISITS_EXPORTED = "visits.exported"
    DRIVERS_EXPORTED = "drivers.exported"
    VEHICLES_EXPORTED = "vehicles.exported"
    PLACES_EXPORTED = "places.exported"
    JOBS_EXPORTED = "jobs.exported"
    REPORT_EXPORTED = "report.exported"
    AUDIT_EXPORTED = "audit.exported"
    BACKUP_WRITTEN = "backup.written"
    BACKUP_RESTORED = "backup.restored"

    @property
    def kind(self) -> str:
        """The kind of the subject, which its id belongs to."""
        return self.partition(".")[0]


class ActorKind(StrEnum):
    """What acts. docs/identity.md explains each."""

    USER = "user"  # logged in; the id is that of the user
    API_KEY = "api_key"  # the id is that of the key
    TOKEN = "token"  # the id is that of a token of `hub token`, else the `sub` of the token
    PHONE_TOKEN = "phone_token"  # the id is that of the token
    OPEN = "open"  # a client of an open hub; without an id
    COMMAND = "command"  # a command on the machine; the id is the user of the operating system
    LINK = "link"  # a link in an e-mail; without an id
    HUB = "hub"  # the hub itself; without an id


class Actor(Struct, frozen=True):
    """Who acts, on which fleet, and in which request (``X-Request-ID``), if in one."""

    fleet: str
    kind: ActorKind
    id: str = ""
    request_id: str | None = None

    @classmethod
    def of(cls, principal: Principal, request_id: str | None = None) -> Actor:
        """The actor that a principal is."""
        if principal.role is Role.OPEN:
            return cls(principal.fleet, ActorKind.OPEN, "", request_id)
        if principal.subject.startswith(PHONE):
            return cls(principal.fleet, ActorKind.PHONE_TOKEN, principal.subject.removeprefix(PHONE), request_id)
        if principal.session is not None:
            return cls(principal.fleet, ActorKind.USER, principal.subject, request_id)
        credential = principal.credential or ""
        if credential.startswith(KEY):
            return cls(principal.fleet, ActorKind.API_KEY, credential.removeprefix(KEY), request_id)
        id = credential.removeprefix(ISSUED) or principal.subject
        return cls(principal.fleet, ActorKind.TOKEN, id, request_id)

    @property
    def user_id(self) -> UUID | None:
        """The id of the user, whose name the audit log keeps; None for other actors."""
        if self.kind is not ActorKind.USER:
            return None
        try:
            return UUID(self.id)
        except ValueError:  # a session of another system that signs with the same secret
            return None
