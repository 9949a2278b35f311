"""Kinds of channels: what each needs to know of its receiver, and which of it is secret."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from urllib.parse import unquote, urlsplit

import msgspec
from msgspec import Meta, Struct

Url = Annotated[str, Meta(min_length=8, max_length=2_000)]
Mailbox = Annotated[str, Meta(max_length=254, pattern=r"^[^\s@<>,;:\"\\]+@[A-Za-z0-9.-]+$(?!\n)")]
Token = Annotated[str, Meta(min_length=1, max_length=500, pattern=r"^[\x21-\x7e]+$(?!\n)")]


class Webhook(Struct, forbid_unknown_fields=True, rename="camel"):
    """A program: CloudEvents as JSON, signed."""

    url: Url


class Traccar(Struct, forbid_unknown_fields=True, rename="camel"):
    """A program that reads the JSON of Traccar's forwarding. ``token`` is sent as a bearer token. ``lossless``: every
    position is forwarded, however many wait; otherwise the newest of each driver, when more wait than fit into one
    request."""

    url: Url
    token: Token | None = None
    lossless: bool = False


Topic = Annotated[str, Meta(min_length=1, max_length=200, pattern=r"^[^\x00-\x20+#$/][^\x00-\x20+#]*$(?!\n)")]


class Mqtt(Struct, forbid_unknown_fields=True, rename="camel", frozen=True):
    """A broker, mqtts://[user:password@]host[:port]. Topics begin with ``topic``. ``discovery``: the prefix of Home
    Assistant's discovery, mostly ``homeassistant``; without it none is published. ``lossless`` as of ``Traccar``."""

    url: Url
    username: Annotated[str, Meta(max_length=200)] | None = None
    password: Annotated[str, Meta(max_length=500)] | None = None
    topic: Topic = "hub"
    discovery: Topic | None = None
    lossless: bool = False


Subject = Annotated[str, Meta(max_length=200, pattern=r"^[^\x00-\x20.*>$]+(\.[^\x00-\x20.*>]+)*$(?!\n)")]


class Nats(Struct, forbid_unknown_fields=True, rename="camel"):
    """A server, tls://[user:password@]host[:port]. Subjects begin with ``subject``. ``jet_stream``: a stream of the
    server stores each message and confirms it; otherwise the server only has to receive it. ``lossless`` as of
    ``Traccar``."""

    url: Url
    user: Annotated[str, Meta(max_length=200)] | None = None
    password: Annotated[str, Meta(max_length=500)] | None = None
    token: Token | None = None
    subject: Subject = "hub"
    jet_stream: bool = False
    lossless: bool = False


class Chat(Struct, forbid_unknown_fields=True, rename="camel"):
    """The address of an incoming webhook of Slack, Discord or Teams. Its path is the credential."""

    url: Url


class Telegram(Struct, forbid_unknown_fields=True, rename="camel"):
    """A chat of Telegram, and the token of the bot that writes there. ``server``: of the Bot API."""

    chat: Annotated[str, Meta(min_length=1, max_length=100)]
    token: Annotated[str, Meta(max_length=100, pattern=r"^[0-9]+:[A-Za-z0-9_-]+$(?!\n)")]
    server: Url = "https://api.telegram.org"


class Ntfy(Struct, forbid_unknown_fields=True, rename="camel"):
    """A topic of an ntfy server, with an access token where the topic needs one."""

    url: Url
    token: Token | None = None


class Email(Struct, forbid_unknown_fields=True, rename="camel"):
    """Mailboxes; each gets its own message."""

    to: Annotated[list[Mailbox], Meta(min_length=1, max_length=20)]


class Apprise(Struct, forbid_unknown_fields=True, rename="camel"):
    """A service that apprise sends to. The URL has apprise's own format, and contains the credentials."""

    url: Annotated[str, Meta(max_length=2_000, pattern=r"^[A-Za-z][A-Za-z0-9+.-]*://[\x21-\x7e]+$(?!\n)")]


class Webpush(Struct, forbid_unknown_fields=True, rename="camel"):
    """Browsers, which subscribe themselves."""


KINDS: dict[str, type[Struct]] = {
    "webhook": Webhook,
    "traccar": Traccar,
    "mqtt": Mqtt,
    "nats": Nats,
    "slack": Chat,
    "discord": Chat,
    "teams": Chat,
    "telegram": Telegram,
    "ntfy": Ntfy,
    "email": Email,
    "apprise": Apprise,
    "webpush": Webpush,
}
"""Kind -> the struct of its ``config``."""

SECRET_FIELDS: dict[str, frozenset[str]] = {
    "traccar": frozenset({"token"}),
    "mqtt": frozenset({"password"}),
    "nats": frozenset({"password", "token"}),
    "slack": frozenset({"url"}),
    "discord": frozenset({"url"}),
    "teams": frozenset({"url"}),
    "telegram": frozenset({"token"}),
    "ntfy": frozenset({"token"}),
    "apprise": frozenset({"url"}),
}
"""Kind -> fields of its ``config`` that are stored encrypted and never answered."""

SCHEMES = {"mqtt": "mqtts", "nats": "tls"}
"""Kind -> the scheme with TLS of its URL, where that is not https."""

LOGINS = {"mqtt": ("username", "password"), "nats": ("user", "password", "token")}
"""Kind -> the fields of a login, which its URL may have, too: ``mqtts://user:password@host``."""

EXTRAS = {"mqtt": ("mqtt", "aiomqtt"), "nats": ("nats", "nats"), "apprise": ("notify", "apprise")}
"""Kind -> the extra that it needs, and the module by which one sees that it is installed."""

STREAMS = frozenset({"traccar", "mqtt", "nats"})
"""Kinds that can forward positions."""

MACHINES = frozenset({"webhook"}) | STREAMS
"""Kinds whose receivers are programs: in order for each driver. The others are read by people: one lane."""


class SigningKey(Struct, omit_defaults=True):
    """A secret of a webhook. After a rotation the older one signs, too, until ``until``."""

    secret: str
    until: datetime | None = None


class Secrets(Struct, omit_defaults=True):
    """What is sealed of a channel: ``fields`` of its config, keys of a webhook, and the private key of a webpush
    channel (a number, base64url)."""

    fields: dict[str, str] = {}
    keys: list[SigningKey] = []
    private_key: str = ""


def lane_of(kind: str, driver_id: str | None) -> str:
    """The lane of a notice about a driver in a channel of a kind."""
    return driver_id if kind in MACHINES and driver_id is not None else ""


def split(kind: str, config: Struct) -> tuple[dict[str, Any], dict[str, str]]:
    """A config as JSON without its secret fields, and these."""
    whole = {name: value for name, value in msgspec.to_builtins(config).items() if value is not None}
    secret = SECRET_FIELDS.get(kind, frozenset())
    return (
        {name: value for name, value in whole.items() if name not in secret},
        {name: value for name, value in whole.items() if name in secret},
    )


def unpacked(kind: str, config: dict[str, Any]) -> dict[str, Any]:
    """A config with the login of its URL in fields of its own: a URL is answered, and a password never is. In NATS a
    user without a password is a token. Raises ``ValueError`` if a field is given as well."""
    url = config.get("url")
    if kind not in LOGINS or not isinstance(url, str):
        return config
    try:
        parts = urlsplit(url)
        user, password = parts.username, parts.password
    except ValueError:
        return config  # what is wrong with it is said where it is checked
    if not user and not password:
        return config
    if given := [name for name in LOGINS[kind] if config.get(name) is not None]:
        raise ValueError(f"must not contain a user or password if {given[0]} is given")
    names = ("token",) if kind == "nats" and not password else LOGINS[kind]
    found = {name: unquote(value) for name, value in zip(names, (user, password), strict=False) if value}
    return (
        config
        | dict.fromkeys(LOGINS[kind])
        | found
        | {"url": parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()}
    )


def joined(kind: str, config: str | bytes, secrets: Secrets) -> Any:
    """The struct of a config that was split. ``config`` is JSON. Raises ``msgspec.ValidationError``."""
    return msgspec.convert(msgspec.json.decode(config) | secrets.fields, KINDS[kind])


def urls(config: Struct) -> list[tuple[str, str]]:
    """Field and URL of the addresses in a config that the hub connects to. It does not know those of apprise."""
    if isinstance(config, Apprise):
        return []
    return [(name, value) for name in ("url", "server") if isinstance(value := getattr(config, name, None), str)]


def unsent(kind: str, before: Struct, after: Struct, wanted: dict[str, Any]) -> list[str]:
    """Secret fields that a changed config has kept although it leads to another server, which would learn them.
    ``wanted``: what was changed; a secret that it has was not kept, also if it is the same."""
    if [_origin(url) for _, url in urls(before)] == [_origin(url) for _, url in urls(after)]:
        return []
    old, new = split(kind, before)[1], split(kind, after)[1]
    return sorted((old.keys() & new.keys()) - unpacked(kind, wanted).keys())


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port
