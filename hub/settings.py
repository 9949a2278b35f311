"""All settings: one environment variable each, with its default and one text.

``HUB_<NAME>`` sets ``<name>``; ``HUB_<NAME>_FILE`` reads it from a file (for secrets). The string below a setting says
what it does and why it has its default. ``hub config --env`` and ``--markdown`` print it; ``make docs`` writes it to
``.env.example`` and docs/settings.md.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from hub.config.database import DatabaseSettings as DatabaseSettings
from hub.config.jobs import JobSettings as JobSettings
from hub.config.logins import LoginSettings as LoginSettings
from hub.config.partitions import PartitionSettings as PartitionSettings
from hub.config.plans import PlanSettings as PlanSettings
from hub.config.process import ProcessSettings as ProcessSettings
from hub.config.values import SettingsError as SettingsError
from hub.config.values import check_networks
from hub.config.values import listed as listed
from hub.core.base_maps import check_maps
from hub.core.network import is_loopback as is_loopback
from hub.core.server_urls import check_provider, check_server
from hub.core.time_zones import TimeZones

PREFIX = "HUB_"
OTHERS = {"HUB_TOKEN", "HUB_HOOK_SECRET"}
"""Token and secret of the client commands (such as ``hub watch``); not settings."""

RENAMED = {"map_style_url": "map"}
"""Former name of a setting -> its name."""

SECRETS = {"jwt_secret", "jwt_secret_previous", "metrics_token", "redis_url"}
SECRETS |= {"database_url", "database_replica_url", "channel_secret", "smtp_url", "geocoder_key", "oidc_client_secret"}
"""Masked by ``hub config``; the URLs because they may contain a password."""

REDIS_SCHEMES = ("redis", "rediss", "redis+sentinel", "rediss+sentinel", "redis+cluster", "rediss+cluster", "unix")
"""Schemes of HUB_REDIS_URL."""

SECTIONS = {
    "host": "Network",
    "data_dir": "Services",
    "jwt_secret": "Authentication",
    "password_login": "Logins with a provider, and the second factor",
    "max_message_bytes": "Limits of a connection",
    "max_connections": "Limits of the hub",
    "ping_interval": "Presence and liveness",
    "otlp_url": "Traces",
    "partitions": "Log",
    "max_unlogged": "Log",
    "database_url": "Database",
    "recorder_max_wait": "Recorder and history",
    "trip_distance": "Trips",
    "max_places": "Jobs and routes",
    "hooks_allow": "Alerts and channels",
    "map": "Dispatcher screen",
    "geocoder": "Places",
    "socketio": "Socket.IO",
    "workers": "Process",
}
"""First setting of each section -> heading of the section in the documents."""

Seconds = Annotated[float, Meta(gt=0)]
Metres = Annotated[float, Meta(gt=0)]
Count = Annotated[int, Meta(ge=1)]


def default_data_dir() -> Path:
    """Default directory of the embedded services' data: in the user's home, system-wide for root."""
    if os.geteuid() == 0:
        return Path("/var/lib/hub")
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share") / "hub"


class Settings(PlanSettings, frozen=True, kw_only=True):
    """Effective settings, each followed by its text. Units: seconds, metres, bytes, counts."""

    host: str = "127.0.0.1"
    """Address to listen on. The default is loopback, because an open hub must not be reachable from other machines."""
    port: Annotated[int, Meta(ge=0, le=65535)] = 8080
    """TCP port to listen on; 0 takes a free port."""
    public_url: Annotated[str, Meta(pattern=r"^(https?://[^\s/?#]+(/[^\s?#]*)?)?$")] = ""
    """Start of the URLs in links and QR codes, such as `https://hub.example`. If empty, the address of the request is
    used. Needed when a proxy changes `Host` or adds a path."""
    trusted_proxies: str = ""
    """Proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` are used: addresses or networks, separated by commas. If
    empty, both headers are ignored, because any client can send them."""
    allowed_origins: Annotated[str, Meta(pattern=r"^(https?://[^\s,/]+(,https?://[^\s,/]+)*)?$")] = ""
    """Origins of other sites whose pages may use the hub from a browser, such as `https://screen.example`, separated by
    commas."""
    embed_origins: Annotated[str, Meta(pattern=r"^(https?://[^\s,/;'\"]+(,https?://[^\s,/;'\"]+)*)?$")] = ""
    """Origins of sites that may show the pages of share links in a frame, such as `https://shop.example`, separated by
    commas; `https://*.shop.example` allows all names below. If empty, none, because a frame can be used for
    clickjacking. The dispatcher screen is never shown in one."""

    data_dir: Path = msgspec.field(default_factory=default_data_dir)
    """Directory of the embedded services' data; `/var/lib/hub` for root."""
    redis_url: str = ""
    """URL of a Redis or Valkey server, of Sentinels, `redis+sentinel://a:26379,b:26379,c:26379/mymaster`, or of a
    cluster, `redis+cluster://a:6379,b:6379,c:6379`, which needs HUB_PARTITIONS; `rediss`
    for TLS (docs/data.md). If empty, the hub starts a private Valkey in the data directory."""
    redis_appendfsync: Literal["always", "everysec"] = "always"
    """When the embedded Valkey syncs to disk, and what the Redis of HUB_REDIS_URL is checked against. `always` loses
    nothing on power loss, and group commit makes it affordable (docs/reliability.md); `everysec` may lose two
    seconds."""
    redis_maxmemory: Annotated[str, Meta(pattern="^[0-9]+(kb|mb|gb)?$")] = "1gb"
    """Memory of the embedded Valkey. At 250 bytes per position, the default holds four million positions while
    PostgreSQL is unavailable."""
    pg_bindir: str = ""
    """Directory with `postgres` and `initdb`. If empty, the Python package is used, then PATH."""
    redis_server: str = ""
    """Path of the Valkey or Redis server program. If empty, the Python package is used, then PATH."""

    jwt_secret: str = ""
    """Secret that signs and verifies tokens (HS256), at least 32 bytes (RFC 7518, 3.2). `auto` generates one at the
    first start and keeps it in the data directory; with HUB_REDIS_URL and HUB_DATABASE_URL it is also in Redis, where
    all hubs share it. Without it and without HUB_JWKS_URL the hub is open: it needs no tokens and listens on loopback
    only (docs/identity.md)."""
    jwt_secret_previous: str = ""
    """Secret used before HUB_JWT_SECRET. Its tokens remain valid, and no new token is signed with it, so a change of
    the secret rejects no token in use."""
    jwks_url: Annotated[str, Meta(pattern=r"^(https?://[^\s#@]+)?$")] = ""
    """HTTPS URL of an identity provider's key set (JSON Web Key Set). Its tokens are accepted in addition to those of
    the hub (docs/identity.md)."""
    jwt_issuer: str = ""
    """Required `iss` of the identity provider's tokens: the provider's tenant. Needed with HUB_JWKS_URL."""
    jwt_audience: str = ""
    """Required `aud` of the identity provider's tokens: the name of this hub, so that tokens for other applications are
    rejected. Needed with HUB_JWKS_URL."""
    jwks_refresh: Seconds = 300.0
    """Seconds between two fetches of the identity provider's keys; a withdrawn key stays valid at most this long. A
    token with an unknown key triggers a fetch at once."""
    jwt_max_lifetime: Seconds = 31 * 86_400
    """Longest lifetime of an accepted token (`exp` - `iat`), in seconds. A month limits the use of a leaked token."""
    access_lifetime: Seconds = 900.0
    """Lifetime of an access token after a login, in seconds. It stays valid that long even while PostgreSQL is
    unavailable; a page renews it four times an hour."""
    session_lifetime: Seconds = 30 * 86_400
    """Seconds after a login until the password is required again, however often the session was used."""
    login_attempts: Count = 10
    """Wrong passwords in ten minutes for one user from one address; more get 429. Enough for a forgotten password."""
    login_attempts_per_address: Count = 100
    """Wrong passwords in ten minutes from one address, for all users; more get 429. Enough for an office behind one
    router."""
    login_attempts_per_user: Count = 100
    """Wrong passwords in ten minutes for one user, from all addresses without an earlier login of that user; more get
    429. It limits a botnet to 14,400 guesses a day, of passwords with at least 10 characters."""
    metrics_token: str = ""
    """Bearer token required by `/metrics`. If empty, `/metrics` answers requests from this machine only."""
    default_fleet: str = "default"
    """Fleet of all connections to an open hub, and of commands without `--fleet`."""

    max_message_bytes: Count = 65_536
    """Longest WebSocket message, in bytes; a longer one closes the socket with 1009. 500 fixes with common attributes
    fit."""
    max_batch: Count = 500
    """Fixes in one message. 500 are eight minutes of a phone at 1 Hz: few messages empty an outbox, and none stalls the
    event loop."""
    max_body_bytes: Count = 262_144
    """Longest body of an HTTP request, in bytes; a longer one gets 413. Fits 500 fixes in the wordier phone formats."""
    max_import_bytes: Count = 16_777_216
    """Longest body of an import of fences as GeoJSON, in bytes; a longer one gets 413. Fits 1,000 fences, the most of
    one import, of 400 points each with all digits that programs write."""
    max_photo_bytes: Count = 262_144
    """Longest photo of a driver, in bytes; a longer one gets 413. The screen reduces a photo to 512 pixels before it
    sends it, which takes 30 to 80 KiB."""
    max_fragments: Count = 64
    """Fragments of one WebSocket message. More have no use, and endless empty fragments would occupy the event loop."""
    max_fix_rate: Count = 20_000
    """Fixes per second of one connection. Above it the hub reads the connection more slowly and refuses nothing. Fits a
    gateway that forwards 5,000 drivers at 1 Hz."""
    max_driver_rate: Count = 1_000
    """Fixes per second of one driver, over all connections and requests with its tokens. Above it sockets are read more
    slowly, and requests get 503. A day of 1 Hz takes 90 s, and a faulty device takes 1 % of a hub."""
    max_control_rate: Count = 50
    """Pings and requests (such as `subscribe`) per second of one connection; more close it."""
    max_errors: Count = 100
    """Invalid messages in ten seconds from one connection; more close it. A phone with one invalid field sends a
    few."""
    max_subscriptions: Count = 16
    """Subscriptions of one connection. A screen needs three: a map, a list, and a followed driver."""
    max_subscription_drivers: Count = 1_000
    """Driver ids in one subscription."""
    max_lane_bytes: Count = 131_072
    """Bytes of acks, errors and events that may wait for one client; more close the connection."""
    send_buffer_bytes: Count = 65_536
    """Kernel send buffer of a socket, in bytes. A smaller one gives fresher positions, a larger one fewer wake-ups."""
    write_high_water: Count = 16_384
    """Unsent bytes of a subscriber above which it gets each driver's newest position instead of every position."""

    max_connections: Count = 20_000
    """WebSocket connections of this process; more get 503. One takes 2.5 KiB idle and up to 8 KiB busy: at most 160 MiB
    in all."""
    max_drivers: Count = 100_000
    """Drivers of one fleet. Bounds the memory that invented driver ids can take on an open hub."""
    max_shares: Count = 20_000
    """Share links of one fleet that have not expired; more get 409. Fits several times a thousand drivers with a link
    of two hours for each parcel; without a bound one dispatcher's script could fill PostgreSQL."""
    max_keys: Count = 100
    """API keys of one fleet, expired ones included; more get 409. One for each program; every hub keeps all of them in
    memory."""
    nearby_id_lifetime: Seconds = 300
    """Seconds after which the ids of cars change in a link to cars nearby. Long enough to animate a car between two
    requests, and too short to follow one for a day by its id."""
    max_address_connections: Count = 2_000
    """WebSocket connections of one address (IPv6: one /64 network); more get 429. Other connections are limited to the
    same number, except from trusted proxies. A tenth of all leaves room for others, and fits phones behind a NAT."""
    max_address_rate: Count = 1_500
    """Requests per second of one address, with a burst of five seconds; more get 429, phones 503. Fits a gateway that
    posts 1,000 positions a second one by one, and leaves half of a core's capacity to others."""
    max_user_rate: Count = 200
    """Requests per second of one user; more get 429. A gateway has the limit of an address. A screen sends ten requests
    at once when it opens a driver."""
    max_header_bytes: Count = 16_384
    """Request line and headers, in bytes. Browsers send less than 8 KiB, and tokens have less than 4 KiB."""
    handshake_timeout: Seconds = 10.0
    """Seconds for a complete handshake. A phone on a bad network needs a few."""

    ping_interval: Seconds = 15.0
    """Seconds of silence of a client until it is pinged. Half of HUB_IDLE_TIMEOUT, which leaves half for the answer."""
    idle_timeout: Seconds = 30.0
    """Seconds of silence after which a client is disconnected, such as a phone that lost its network."""
    stall_timeout: Seconds = 15.0
    """Seconds in which a subscriber's system acknowledged no byte of unsent data, after which it is disconnected."""
    heartbeat_interval: Seconds = 10.0
    """Seconds between two heartbeats to a subscriber, which it gets also when nothing moves."""
    stale_after: Seconds = 60.0
    """Seconds without a sign of life after which a driver is `stale`. Phones report at least once a minute while they
    move."""
    offline_after: Seconds = 300.0
    """Seconds without a sign of life after which a driver is `offline`."""
    live_days: Annotated[int, Meta(ge=0)] = 30
    """Days without a sign of life after which a driver is removed from the live fleet: from the map, lists, feeds and
    Redis. Its history stays, and its next fix brings it back. A month covers a holiday; 0 keeps all."""
    max_future: Seconds = 60.0
    """Seconds that a fix may be ahead of the hub's clock. Beyond them it is only stored, until several fixes have shown
    that the driver's clock is wrong."""

    max_unlogged: Count = 100_000
    """Positions that may wait in memory while Redis is unavailable; then fixes are refused with `unavailable`. 20 s of
    5,000 positions/s, about 50 MB."""
    max_entry_positions: Count = 5_000
    """Positions in one entry of the log. Bounds a transaction, its fsync, and the positions in one invalid entry."""
    log_linger: Annotated[float, Meta(ge=0, le=1)] = 0.003
    """Seconds between two transactions of the log, in which positions gather. One transaction takes as much CPU as
    twenty positions."""
    log_replicas: Annotated[int, Meta(ge=0, le=9)] = 0
    """Replicas of Redis that need a position on disk before it is acked, so that a failover loses none: all replicas of
    the primary, because each may replace it (docs/data.md). 0 waits for none: the embedded Valkey has none."""
    max_log_fill: Annotated[float, Meta(gt=0, le=1)] = 0.9
    """Share of Redis' memory that may be used before fixes are refused with `unavailable`. The rest is for data other
    than the log."""
    max_lag: Seconds = 30.0
    """Seconds that history may be behind before `/readyz` reports `degraded`. A few commits are normal."""
    redis_timeout: Seconds = 1.0
    """Seconds for an answer of Redis; then the batch is tried again, so that a frozen server does not freeze the
    hub."""
    post_timeout: Seconds = 5.0
    """Seconds until a position sent by HTTP is in the log; then the answer is 503. Phones wait ten seconds or more, and
    send the position again."""
    retry_after: Seconds = 2.0
    """Seconds that a refused driver is told to wait before it sends again."""

    recorder_max_wait: Annotated[float, Meta(gt=0, le=5)] = 0.2
    """Longest pause between two commits of the recorder, in seconds: what an event waits, besides the commit."""
    recorder_max_rows: Count = 20_000
    """Most positions in one commit of the recorder."""
    max_range: Seconds = 31 * 86_400
    """Longest time range of a query of history, in seconds. A month is 2.7 million positions of one driver at 1 Hz."""
    max_report_days: Annotated[int, Meta(ge=1, le=3_660)] = 366
    """Most days of one report: a year. Rows are read in pages and pieces, so more days cost time, not memory."""
    max_report_rows: Annotated[int, Meta(ge=1, le=1_000_000)] = 50_000
    """Most rows of a report as a workbook (XLSX), which is written before it is sent, and attached to e-mails; CSV and
    pages have no limit. 50,000 rows are 3 to 5 MB, which mail servers take, and five seconds of a processor."""
    max_report_schedules: Count = 100
    """Reports of one fleet that are sent by schedule; more get 409."""
    retention_months: Annotated[int, Meta(ge=0, le=1_200)] = 0
    """Whole months of positions kept in addition to the current one; 0 keeps all."""

    audit_days: Count = 365
    """Days for which entries of the audit log are kept. A year covers a yearly review; entries name users and drivers,
    so they are not kept without limit."""
    quarantine_days: Count = 14
    """Days for which payloads of phones with refused points are kept (docs/phones.md). Enough for a fix of the app or
    of the hub; they contain positions, which no longer use justifies."""
    quarantine_bytes: Annotated[int, Meta(ge=1_048_576)] = 64 * 1_048_576
    """Bytes of such payloads that are kept for a fleet; the oldest are deleted beyond. Fits 100,000 usual ones, and no
    fleet can fill the disk with them."""

    trip_distance: Metres = 500.0
    """Metres of movement that make a trip. Less than this and less than HUB_TRIP_DURATION is not a trip: a car that is
    parked elsewhere, a walk to the shop. New values apply to positions recorded or corrected later (docs/trips.md)."""
    trip_duration: Seconds = 300.0
    """Seconds of movement that make a trip."""
    stop_duration: Seconds = 300.0
    """Seconds of standing that end a trip. Shorter ones belong to it: traffic lights, a jam, a parcel at the kerb."""
    trip_gap: Seconds = 3_600.0
    """Seconds without a fix that end a trip, unless the driver is still at the same place."""
    max_fences: Count = 20_000
    """Most fences of a fleet. The recorder keeps each of them prepared, some 5 kB, and needs 0.1 ms for it at its
    start."""
    time_zone: str = "UTC"
    """Time zone of the days in daily figures, and of the days and times on the dispatcher screen, such as
    `America/Chicago`. Fleets with another one follow: `Europe/Berlin,chicago=America/Chicago`. After a change the
    recorder sums up all days again."""

    hooks_allow: str = ""
    """Private networks that channels may connect to, such as `10.1.0.0/16,127.0.0.0/8`, also by http and at any port.
    If empty, channels reach public addresses by https only, so that no user makes the hub reach its own network."""
    channel_secret: str = ""
    """Secret that encrypts the secrets of channels in the database. If empty, HUB_JWT_SECRET, or a secret generated in
    the data directory. Nodes with one database need the same."""
    hook_timeout: Seconds = 10.0
    """Seconds for a receiver's answer; then the delivery is tried again later. A receiver should answer first and work
    afterwards."""
    hook_inflight: Count = 8
    """Deliveries that are sent at once through one channel, each of another driver. Bounds the load on a receiver."""
    hook_retry_for: Seconds = 86_400.0
    """Seconds after which a delivery that a receiver does not confirm is given up, so that a receiver that is down over
    a night misses nothing."""
    hook_disable_after: Seconds = 3 * 86_400.0
    """Seconds of nothing but failures after which a channel is disabled. A long weekend."""
    apprise: Literal["off", "on"] = "off"
    """Whether admins may set up channels of the kind `apprise`, which needs the extra `notify`. Off, because apprise
    connects by itself: HUB_HOOKS_ALLOW does not hold for it, so an admin of a fleet could reach the hub's network."""
    max_channels: Count = 100
    """Channels of one fleet; more get 409."""
    max_rules: Count = 500
    """Rules of one fleet; more get 409. Each is compared with every event of the fleet."""
    alert_days: Count = 365
    """Days for which alerts are kept."""
    delivery_days: Count = 30
    """Days for which the log of deliveries is kept, and can be sent again."""
    smtp_url: Annotated[str, Meta(pattern=r"^(smtps?://[^\s]+)?$")] = ""
    """SMTP server for channels of the kind `email`, such as `smtp://user:password@mail.example:587`. With `smtp://` the
    server must offer STARTTLS, except on loopback; `smtps://` uses TLS from the start."""
    smtp_from: Annotated[str, Meta(pattern=r"^([^\s@<>,]+@[^\s@<>,]+)?$")] = ""
    """Sender of e-mails. Needed with HUB_SMTP_URL."""

    map: str = "auto"
    """Base map of the dispatcher screen and of share links. `auto`: streets of OpenFreeMap in browsers with internet
    access, else the built-in map. `offline`: the built-in map; browsers send requests to no other host. Or the URL of a
    MapLibre style; of raster tiles, such as `https://tile.example/{z}/{x}/{y}.png © Example`, with the attribution that
    the provider requires; or a PMTiles file, `/srv/area.pmtiles` or a URL (docs/screen.md)."""
    map_dark: str = ""
    """Style or raster tiles for dark colours, in the form of HUB_MAP. If empty, raster tiles are inverted, and a style
    is used unchanged."""
    map_satellite: str = ""
    """Satellite images in a form of HUB_MAP, which users can choose on the map. Browsers get its key, so restrict the
    key to the origin of the hub."""

    geocoder: Annotated[str, Meta(pattern=r"^(https?://[^\s?#@]+)?$")] = ""
    """URL of a geocoder, such as `https://nominatim.example`, for addresses of trips and stops and for the search. It
    gets coordinates (docs/places.md). If empty, the hub asks none, and names the nearest place."""
    geocoder_kind: Literal["nominatim", "photon", "pelias"] = "nominatim"
    """Program of HUB_GEOCODER: `nominatim`, `photon` or `pelias`, or a service with its interface."""
    geocoder_key: str = ""
    """Key that the geocoder requires, if any."""
    geocoder_language: Annotated[str, Meta(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")] = "en"
    """Language of addresses."""
    geocoder_rate: Annotated[float, Meta(gt=0, le=1_000)] = 1.0
    """Requests per second to the geocoder. One is the most that the public Nominatim allows."""
    geocoder_days: Annotated[int, Meta(ge=1, le=3_650)] = 180
    """Days for which addresses are kept. Half a year: streets change slowly, and a coordinate of a gate comes each
    day."""
    max_addresses: Count = 200_000
    """Addresses that are kept for all fleets; the oldest are deleted beyond. Some 60 MB."""

    socketio: Literal["off", "on"] = "off"
    """Whether Socket.IO is served at `/socket.io`, for fleets whose apps speak it (docs/socketio.md). Needs the extra
    `socketio`. Off, because a hub without such apps should not accept requests that it has no use for."""

    @property
    def open(self) -> bool:
        """Whether the hub accepts connections without a token: neither a secret nor an identity provider is set."""
        return not (self.jwt_secret or self.jwks_url)

    def check(self) -> None:
        """Refuse invalid combinations. Raises ``SettingsError``."""
        if self.jwt_secret and len(self.jwt_secret.encode()) < 32:
            raise SettingsError("HUB_JWT_SECRET: must have at least 32 bytes (RFC 7518, section 3.2)")
        if self.jwt_secret_previous and len(self.jwt_secret_previous.encode()) < 32:
            raise SettingsError("HUB_JWT_SECRET_PREVIOUS: must have at least 32 bytes (RFC 7518, section 3.2)")
        if self.jwt_secret_previous and not self.jwt_secret:
            raise SettingsError("HUB_JWT_SECRET_PREVIOUS: needs HUB_JWT_SECRET, the present secret")
        if self.jwks_url:
            try:
                check_provider(self.jwks_url, self.jwt_issuer, self.jwt_audience)
            except ValueError as error:
                raise SettingsError(str(error)) from error
        self.check_logins(guarded=bool(self.jwt_secret))
        self.check_partitions(self.redis_url)
        self.check_plans()
        for variable, url, schemes in (
            ("HUB_REDIS_URL", self.redis_url, REDIS_SCHEMES),
            ("HUB_DATABASE_URL", self.database_url, ("postgresql", "postgres")),
            ("HUB_DATABASE_REPLICA_URL", self.database_replica_url, ("postgresql", "postgres")),
        ):
            try:
                check_server(url, schemes)
            except ValueError as error:
                raise SettingsError(f"{variable}: {error}") from None  # its cause may repeat a password
        if self.database_replica_url and not self.database_url:
            raise SettingsError("HUB_DATABASE_REPLICA_URL: needs HUB_DATABASE_URL, the primary of that standby")
        try:
            check_maps(self.map, self.map_dark, self.map_satellite)
        except ValueError as error:
            raise SettingsError(str(error)) from error
        if not (self.embed_origins.isascii() and self.embed_origins.isprintable()):
            raise SettingsError(
                "HUB_EMBED_ORIGINS: must be printable ASCII, as it is sent in a header; names with other letters are "
                "written in punycode (https://xn--…)"
            )
        if self.open and not is_loopback(self.host):
            raise SettingsError(
                f"HUB_HOST: {self.host} is reachable from other machines and HUB_JWT_SECRET is not set; "
                "set a secret of at least 32 bytes, or listen on 127.0.0.1"
            )
        if self.access_lifetime > self.jwt_max_lifetime:
            raise SettingsError("HUB_ACCESS_LIFETIME: must not exceed HUB_JWT_MAX_LIFETIME")
        check_networks("HUB_HOOKS_ALLOW", self.hooks_allow)
        if self.log_replicas and not self.redis_url:
            raise SettingsError("HUB_LOG_REPLICAS: needs HUB_REDIS_URL, because the embedded Valkey has no replicas")
        if self.channel_secret and len(self.channel_secret.encode()) < 32:
            raise SettingsError("HUB_CHANNEL_SECRET: must have at least 32 bytes")
        if self.smtp_url and not self.smtp_from:
            raise SettingsError("HUB_SMTP_FROM: is required with HUB_SMTP_URL")
        check_networks("HUB_TRUSTED_PROXIES", self.trusted_proxies)
        try:
            TimeZones(self.time_zone)
        except ValueError as error:
            raise SettingsError(f"HUB_TIME_ZONE: {error}") from error
        if self.stale_after >= self.offline_after:
            raise SettingsError("HUB_STALE_AFTER: must be less than HUB_OFFLINE_AFTER")
        if self.ping_interval >= self.idle_timeout:
            raise SettingsError("HUB_PING_INTERVAL: must be less than HUB_IDLE_TIMEOUT")


def masked(settings: Settings) -> dict[str, Any]:
    """Name -> value for printing; set secrets are replaced by asterisks."""
    return {
        name: ("********" if name in SECRETS and value else str(value) if isinstance(value, Path) else value)
        for name, value in msgspec.structs.asdict(settings).items()
    }
