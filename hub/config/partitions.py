"""Settings of the partitions of the log and of recorders by themselves. ``hub.settings`` has the others."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from hub.config.tracing import TracingSettings
from hub.config.values import SettingsError


class PartitionSettings(TracingSettings, frozen=True, kw_only=True):
    """Settings of the partitions of the log, each followed by its text."""

    partitions: Annotated[int, Meta(ge=1, le=256)] = 1
    """Partitions of the log, fixed when the first hub starts on an empty Redis; later the number in Redis counts, and
    another one than that or 1 is refused. One is enough for a single Redis server. More let several recorders share the
    work (docs/scale.md)."""
    recorder: Literal["on", "off"] = "on"
    """Whether `hub serve` starts a recorder. `off` for hubs whose recorders are started with `hub record`."""

    partition_idle: Annotated[float, Meta(gt=0)] = 300.0
    """Seconds after the last connection or request about a fleet in which a hub goes on to follow the partition of the
    fleet; only with several partitions. Five minutes spare a client that polls, or reconnects, the loading."""
    partition_wait: Annotated[float, Meta(gt=0)] = 10.0
    """Seconds that a connection or request waits until the partition of its fleet is loaded, after which it gets 503,
    and the loading goes on. A hundred thousand drivers take some seconds."""

    def check_partitions(self, redis_url: str) -> None:
        """Refuse a cluster with one partition. Raises ``SettingsError``."""
        if "+cluster://" in redis_url and self.partitions == 1:
            raise SettingsError(
                "HUB_PARTITIONS: a Redis Cluster needs at least 2, because the keys of one partition have no tag that "
                "keeps them at one server; 16 suit most"
            )
