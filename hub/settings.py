"""Every setting of the hub: one environment variable each, a default, and the reason for the default.

``HUB_<NAME>`` sets ``<name>``; ``HUB_<NAME>_FILE`` reads it from a file (for secrets). ``hub config`` prints what is in
force. docs/operations.md lists them all, and a test compares.
"""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta, Struct

from hub.kept_secret import AUTO, kept_secret
from hub.permissions import Exposed, read_secret
from hub.wire.validation import fault_of

PREFIX = "HUB_"
TOKEN = "HUB_TOKEN"
"""A client's token (``hub watch`` and the like); not a setting of the hub."""

SECRETS = {"jwt_secret", "jwt_secret_previous", "metrics_token", "redis_url", "database_url"}
"""Masked by ``hub config``; the URLs because they may hold a password."""

Seconds = Annotated[float, Meta(gt=0)]
Metres = Annotated[float, Meta(gt=0)]
Count = Annotated[int, Meta(ge=1)]


class SettingsError(ValueError):
    """A setting that cannot be used; the message names the variable and says what is wrong."""


def default_data_dir() -> Path:
    """Where the embedded services keep their data: per user, or system-wide for root."""
    if os.geteuid() == 0:
        return Path("/var/lib/hub")
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share") / "hub"


class Settings(Struct, frozen=True, kw_only=True):
    """Effective settings. Units: seconds, metres, bytes, counts."""

    # Where we listen. Loopback by default: an open hub must not be reachable from elsewhere.
    host: str = "127.0.0.1"
    port: Annotated[int, Meta(ge=0, le=65535)] = 8080
    # What links and QR codes begin with, for phones and people elsewhere. Empty: as the request that makes one has it,
    # which is right unless a proxy changes `Host` or adds a path.
    public_url: Annotated[str, Meta(pattern=r"^(https?://[^\s/?#]+(/[^\s?#]*)?)?$")] = ""

    # Services. Without a URL a private server is started in `data_dir`.
    data_dir: Path = msgspec.field(default_factory=default_data_dir)
    redis_url: str = ""
    database_url: str = ""
    # `always` loses nothing on power loss; group commit makes it affordable (docs/reliability.md).
    redis_appendfsync: Annotated[str, Meta(pattern="^(always|everysec)$")] = "always"
    # The embedded Valkey's memory: at 250 bytes a position about four million positions of backlog while
    # PostgreSQL is away.
    redis_maxmemory: Annotated[str, Meta(pattern="^[0-9]+(kb|mb|gb)?$")] = "1gb"
    # Where to find the binaries instead of the Python packages (then PATH).
    pg_bindir: str = ""
    redis_server: str = ""

    # Identity. With a secret every connection needs a JWT; without one the hub is open and listens on loopback only.
    # 32 bytes is what RFC 7518 (3.2) asks of an HS256 key.
    # `auto` makes one at the first start and keeps it in `data_dir`, so that nobody has to invent or store it.
    jwt_secret: str = ""
    # The secret before this one: still accepted, never signed with, so that changing it refuses no token that is out.
    jwt_secret_previous: str = ""
    # An identity provider's keys (a JSON Web Key Set), whose tokens are taken beside our own. Its issuer and audience
    # are needed then: the signature alone says neither which tenant of the provider a token is of, nor that it was
    # meant for us and not for another application.
    jwks_url: Annotated[str, Meta(pattern=r"^(https?://[^\s#@]+)?$")] = ""
    jwt_issuer: str = ""
    jwt_audience: str = ""
    # How long a key that the provider has taken back may still be good. A new one is fetched when a token names it.
    jwks_refresh: Seconds = 300.0
    # Pages of other sites that may use the hub from a browser, as `https://screen.example`, with commas between them.
    allowed_origins: Annotated[str, Meta(pattern=r"^(https?://[^\s,/]+(,https?://[^\s,/]+)*)?$")] = ""
    # The longest life of a token we accept, measured as exp - iat: a month, so that a leaked one dies.
    jwt_max_lifetime: Seconds = 31 * 86_400
    # People's logins. What an access token says holds for this long even where nobody can ask whether it still does;
    # each page asks for a new one four times an hour.
    access_lifetime: Seconds = 900.0
    # When a password is needed again, however often the page was used: once a month.
    session_lifetime: Seconds = 30 * 86_400
    # Wrong passwords in ten minutes: for one user from one address (a forgotten password needs fewer), from one address
    # (an office behind one router), and for one user from addresses where that user has not logged in before (a
    # botnet's guesses: 14,400 a day, of at least 10 characters each).
    login_attempts: Count = 10
    login_attempts_per_address: Count = 100
    login_attempts_per_user: Count = 100
    # What `/metrics` asks for; without one it answers this machine only.
    metrics_token: str = ""
    # The fleet of connections on an open hub.
    default_fleet: str = "default"

    # Proxies (addresses or networks, with commas between) whose `X-Forwarded-For` and `X-Forwarded-Proto` we believe;
    # none by default, for whoever is believed may claim to be anybody.
    trusted_proxies: str = ""

    # Limits of one connection.
    # A message holds 500 fixes with attributes of everyday size.
    max_message_bytes: Count = 65_536
    # 500 fixes are eight minutes of a phone at 1 Hz: one message empties an outbox without stalling a turn.
    max_batch: Count = 500
    # The body of an HTTP request: the same 500 fixes, in dialects that say more about each.
    max_body_bytes: Count = 262_144
    # A fragmented message gains nothing beyond this; endless empty fragments starve the loop.
    max_fragments: Count = 64
    # A connection's fixes a second; above it we stop reading (nothing is refused or lost). A gateway that forwards
    # 5,000 drivers at 1 Hz fits.
    max_fix_rate: Count = 20_000
    # Fixes a second of one driver, over all that its tokens open and post: a phone that was away for a day of 1 Hz has
    # told everything in a minute and a half, and a device that runs wild takes a hundredth of a hub.
    max_driver_rate: Count = 1_000
    # Control frames and requests (subscribe, ping) a second before the connection counts as abuse.
    max_control_rate: Count = 50
    # Bad messages in ten seconds before the connection counts as abuse; a phone with a bad field sends a few.
    max_errors: Count = 100
    # A screen has a map, a list and a followed driver; more is a mistake.
    max_subscriptions: Count = 16
    max_subscription_drivers: Count = 1_000
    # The lossless lane (acks, errors, events) of one client that does not read.
    max_lane_bytes: Count = 131_072
    # Kernel and user-space buffers below conflation: smaller is fresher, larger costs fewer wake-ups.
    send_buffer_bytes: Count = 65_536
    write_high_water: Count = 16_384

    # Limits of the node. A connection costs 2.5 KiB idle and up to 8 at work: 20,000 of them at most 160 MiB.
    max_connections: Count = 20_000
    # Drivers of one fleet: bounds the memory that invented driver ids could take on an open hub.
    max_drivers: Count = 100_000
    # Links of one fleet that show a driver and have not expired: two hours for each parcel of a thousand
    # drivers fit several times. Without a bound a script of one dispatcher could fill PostgreSQL.
    max_shares: Count = 20_000
    # Sockets of one address (IPv6: one /64): a tenth of all, so that nobody takes the others' room, and the phones of a
    # large fleet behind their carrier's NAT still fit.
    # It may have as many connections that are no sockets, unless it is a proxy that we trust: who opens them and asks
    # for nothing must not take all our files.
    max_address_connections: Count = 2_000
    # Requests a second of one address, five seconds of them saved up: a gateway that posts 1,000 positions a second one
    # by one fits, and half of what one core answers is left for others.
    max_address_rate: Count = 1_500
    # The same of one user; a screen that opens a driver asks ten things at once. A gateway has the address' rate.
    max_user_rate: Count = 200
    # A request line and headers; browsers stay below 8 KiB, tokens below 4.
    max_header_bytes: Count = 16_384
    # Time for a complete handshake; a phone on a bad network needs a few seconds.
    handshake_timeout: Seconds = 10.0

    # Liveness. A half-open peer is gone within `idle_timeout` (P10); the ping leaves half of it for the answer.
    ping_interval: Seconds = 15.0
    idle_timeout: Seconds = 30.0
    # A subscriber that makes no progress at all (P3).
    stall_timeout: Seconds = 15.0
    # How often a subscribed screen hears from us when nothing moves.
    heartbeat_interval: Seconds = 10.0
    # No fix for this long: stale, then offline. Phones report at least once a minute while moving.
    stale_after: Seconds = 60.0
    offline_after: Seconds = 300.0
    # A fix this far ahead of our clock is stored but never the latest position.
    max_future: Seconds = 60.0

    # The log. What may wait in memory while Redis is away, then `unavailable`: 20 s of 5,000 positions/s, about 50 MB.
    max_unlogged: Count = 100_000
    # Positions in one entry: bounds a transaction, its fsync and what one bad entry can hold up.
    max_entry_positions: Count = 5_000
    # Pause between two transactions: each costs the hub's core as much as twenty positions, so let some gather.
    log_linger: Annotated[float, Meta(ge=0, le=1)] = 0.003
    # How full Redis may get before positions are refused: what it holds besides the log needs the rest.
    max_log_fill: Annotated[float, Meta(gt=0, le=1)] = 0.9
    # How far behind history may be before /readyz calls it degraded; a few commits are normal.
    max_lag: Seconds = 30.0
    # Redis has answered or the batch is tried again; a frozen server must not freeze us.
    redis_timeout: Seconds = 1.0
    # A post is in the log or is answered 503; phones give up after ten seconds or more, and keep the point.
    post_timeout: Seconds = 5.0
    # What a refused driver is told to wait before it sends again.
    retry_after: Seconds = 2.0

    # The recorder commits what is there, at most after this time or this many positions.
    recorder_max_wait: Annotated[float, Meta(gt=0, le=5)] = 0.5
    recorder_max_rows: Count = 20_000
    # A statement that takes longer is stuck, and is tried again on a new connection.
    database_timeout: Seconds = 30.0
    # Questions about the past: few at a time, so that they never take PostgreSQL from the recorder; who waits longer
    # than the timeout gets 503.
    history_connections: Count = 4
    history_timeout: Seconds = 5.0
    # The same for users, drivers and vehicles, which must not wait for history; their questions take a millisecond.
    registry_connections: Count = 2
    # A month, the longest: 2.7 million positions of one driver at 1 Hz.
    max_range: Seconds = 31 * 86_400
    # Whole months of positions that are kept beside the current one; 0 keeps them for ever.
    retention_months: Annotated[int, Meta(ge=0, le=1_200)] = 0

    # Trips (docs/trips.md). Changes hold for what is recorded, or corrected, from then on.
    # Movement of less than both is no trip: a car that is parked anew, a walk to the shop.
    trip_distance: Metres = 500.0
    trip_duration: Seconds = 300.0
    # Standing for less is part of a trip: traffic lights, a jam, a delivery at the kerb.
    stop_duration: Seconds = 300.0
    # Silence that ends a trip, unless the driver is still where it was.
    trip_gap: Seconds = 3_600.0

    # The map of the dispatcher screen: a MapLibre style of a provider. Empty is the map that comes with the hub, so
    # that no browser asks another host for anything unless somebody wanted that.
    map_style_url: Annotated[str, Meta(pattern="^(https?://[^\\s;,]+|/[^\\s;,]*)?$")] = ""

    # SIGTERM to exit (P8); orchestrators kill after 30 s.
    drain_timeout: Seconds = 8.0
    # Log lines: "json" for machines, "console" for people, "auto" = console on a terminal.
    log_format: Annotated[str, Meta(pattern="^(auto|json|console)$")] = "auto"
    log_level: Annotated[str, Meta(pattern="^(debug|info|warning|error)$")] = "info"

    @property
    def open(self) -> bool:
        """Whether anybody who reaches us may publish and subscribe: nothing is configured that tokens come from."""
        return not (self.jwt_secret or self.jwks_url)

    def check(self) -> None:
        """Refuse combinations that cannot be meant. Raises ``SettingsError``."""
        if self.jwt_secret and len(self.jwt_secret.encode()) < 32:
            raise SettingsError("HUB_JWT_SECRET: must have at least 32 bytes (RFC 7518, section 3.2)")
        if self.jwt_secret_previous and len(self.jwt_secret_previous.encode()) < 32:
            raise SettingsError("HUB_JWT_SECRET_PREVIOUS: must have at least 32 bytes (RFC 7518, section 3.2)")
        if self.jwt_secret_previous and not self.jwt_secret:
            raise SettingsError("HUB_JWT_SECRET_PREVIOUS: needs HUB_JWT_SECRET, the one that took its place")
        if self.jwks_url:
            _check_provider(self)
        if self.open and not is_loopback(self.host):
            raise SettingsError(
                f"HUB_HOST: {self.host} is reachable from elsewhere and no HUB_JWT_SECRET is set; "
                "set a secret of at least 32 bytes, or listen on 127.0.0.1"
            )
        if self.access_lifetime > self.jwt_max_lifetime:
            raise SettingsError("HUB_ACCESS_LIFETIME: must not be more than HUB_JWT_MAX_LIFETIME")
        for part in listed(self.trusted_proxies):
            try:
                ipaddress.ip_network(part)
            except ValueError as error:
                raise SettingsError(f"HUB_TRUSTED_PROXIES: {error}") from error
        if self.stale_after >= self.offline_after:
            raise SettingsError("HUB_STALE_AFTER: must be less than HUB_OFFLINE_AFTER")
        if self.ping_interval >= self.idle_timeout:
            raise SettingsError("HUB_PING_INTERVAL: must be less than HUB_IDLE_TIMEOUT")


def _check_provider(settings: Settings) -> None:
    url = urlsplit(settings.jwks_url)
    try:
        secure = url.scheme == "https" or is_loopback(url.hostname or "")
        url.port  # noqa: B018 - raises for what is none
    except ValueError as error:
        raise SettingsError(f"HUB_JWKS_URL: {error}") from error
    if not secure:
        raise SettingsError("HUB_JWKS_URL: must be https, or on this machine: who can change the keys can make tokens")
    if not settings.jwt_issuer:
        raise SettingsError("HUB_JWT_ISSUER: is needed with HUB_JWKS_URL")
    if not settings.jwt_audience:
        raise SettingsError("HUB_JWT_AUDIENCE: is needed with HUB_JWKS_URL")


def listed(setting: str) -> list[str]:
    """The parts of a setting that has commas between them."""
    return [part.strip() for part in setting.split(",") if part.strip()]


def is_loopback(host: str) -> bool:
    """Whether an address, or ``localhost``, is this machine only; any other name is not."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def load(environ: Mapping[str, str] | None = None, **overrides: Any) -> Settings:
    """Settings from the environment; ``overrides`` (command line) win when not None. Raises ``SettingsError``.

    An unknown ``HUB_*`` variable is an error too: a misspelt limit must not go unnoticed.
    """
    environ = os.environ if environ is None else environ
    values: dict[str, Any] = {}
    for variable, value in environ.items():
        if not variable.startswith(PREFIX) or variable == TOKEN:
            continue
        name = variable.removeprefix(PREFIX).lower()
        if name.endswith("_file") and name.removesuffix("_file") in Settings.__struct_fields__:
            name = name.removesuffix("_file")
            try:
                value = read_secret(Path(value), provided=True) if name in SECRETS else Path(value).read_text().strip()
            except (OSError, Exposed) as error:
                raise SettingsError(f"{variable}: {error}") from error
        if name not in Settings.__struct_fields__:
            raise SettingsError(f"{variable}: there is no such setting; `hub config` lists them")
        values[name] = value
    values.update({name: value for name, value in overrides.items() if value is not None})
    try:
        settings = msgspec.convert(values, Settings, strict=False, dec_hook=_decode)
    except msgspec.ValidationError as error:
        fault = fault_of(error, Settings, text=True)
        raise SettingsError(f"{PREFIX}{fault.field.upper()}: {fault.detail}") from error
    if settings.jwt_secret == AUTO:
        try:
            secret = kept_secret(settings.data_dir)
        except OSError as error:
            raise SettingsError(f"HUB_JWT_SECRET: the secret in the data directory cannot be kept: {error}") from error
        except Exposed as error:
            raise SettingsError(f"HUB_JWT_SECRET: {error}") from error
        if not secret:  # it would make an open hub of one that was to be guarded
            raise SettingsError("HUB_JWT_SECRET: the secret in the data directory cannot be kept: its file is empty")
        settings = msgspec.structs.replace(settings, jwt_secret=secret)
    settings.check()
    return settings


def environment(settings: Settings) -> dict[str, str]:
    """Our environment for a child process of the hub, with ``settings`` in place of any ``HUB_*`` variable of ours."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    values = msgspec.structs.asdict(settings)
    return ours | {PREFIX + name.upper(): str(value) for name, value in values.items() if value != ""}


def masked(settings: Settings) -> dict[str, Any]:
    """Name -> value for printing; a secret shows only whether it is set."""
    return {
        name: ("********" if name in SECRETS and value else str(value) if isinstance(value, Path) else value)
        for name, value in msgspec.structs.asdict(settings).items()
    }


def _decode(kind: type, value: Any) -> Any:
    if kind is Path:
        return Path(value).expanduser().absolute()
    raise NotImplementedError(kind)
