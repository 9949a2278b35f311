"""Settings of PostgreSQL: its servers, connections and limits of time. ``hub.settings`` has the others."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

Seconds = Annotated[float, Meta(gt=0)]
Count = Annotated[int, Meta(ge=1)]


class DatabaseSettings(Struct, frozen=True, kw_only=True):
    """Settings of PostgreSQL, each followed by its text."""

    database_url: str = ""
    """URL of a PostgreSQL server. If empty, the hub starts a private PostgreSQL in the data directory. Several hosts,
    `postgresql://hub@a,b/hub?target_session_attrs=read-write`, are a primary and the standbys that may take its place
    (docs/scale.md)."""
    database_replica_url: str = ""
    """URL of a standby of that server, which then answers the requests for history, analytics and reports. While it
    cannot, the primary answers them. Needs HUB_DATABASE_URL (docs/scale.md)."""
    database_replica_lag: Seconds = 10.0
    """Seconds that the standby may be behind before the primary answers in its place. A standby is some milliseconds
    behind; the recorder and a screen's page of history are up to a second behind anyway."""
    database_timeout: Seconds = 30.0
    """Seconds for a statement; then it is tried again on a new connection."""
    history_connections: Count = 4
    """Connections to PostgreSQL for queries of history, and as many to the standby. Few, so that they do not take
    PostgreSQL from the recorder."""
    history_timeout: Seconds = 5.0
    """Seconds for an answer from PostgreSQL to the API, including the wait for a connection; then 503."""
    registry_connections: Count = 2
    """Connections to PostgreSQL for users, drivers, vehicles and share links, which must not wait for history. Their
    queries take a millisecond."""
