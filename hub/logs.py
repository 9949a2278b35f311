"""Structured logs: one JSON object a line (or readable on a terminal), with one closed vocabulary of actions.

Every line is ``log.info(Action.X, key=value, …)``. Never log a token, a secret, a coordinate, or a URL's query.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Collection, Iterator, MutableMapping
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum
from itertools import islice
from typing import Any

from hub.core.traces import trace_id

if "rich" in sys.modules:
    import structlog
else:
    # With rich, structlog draws tracebacks, which `setup` writes as text. To import it costs each process of the hub
    # 0.05 s and 5 MB. `None` in this table is Python's word for a module that cannot be imported.
    sys.modules["rich"] = None  # type: ignore[assignment]
    try:
        import structlog
    finally:
        del sys.modules["rich"]


class Action(StrEnum):
    """Subjects of log lines; docs/operations.md explains each."""

    SERVE_STARTED = "serve_started"
    SERVE_DRAINING = "serve_draining"
    SERVE_STOPPED = "serve_stopped"
    SERVER_UNREACHED = "server_unreached"
    SERVER_REACHED = "server_reached"
    REPLICA_USED = "replica_used"
    REPLICA_UNUSED = "replica_unused"
    SERVICE_STARTED = "service_started"
    SERVICE_EXITED = "service_exited"
    SERVICE_RESTARTED = "service_restarted"
    SERVICE_STOPPED = "service_stopped"
    WORKER_REPLACED = "worker_replaced"
    ORPHANS_KILLED = "orphans_killed"
    CLIENT_CLOSED = "client_closed"
    HANDSHAKE_REFUSED = "handshake_refused"
    FILES_EXHAUSTED = "files_exhausted"
    FILES_AVAILABLE = "files_available"
    LOGIN_REFUSED = "login_refused"
    REFRESH_REUSED = "refresh_reused"
    FIRST_ADMIN_CREATED = "first_admin_created"
    POINT_QUARANTINED = "point_quarantined"
    QUARANTINE_DROPPED = "quarantine_dropped"
    ACCESS_LOADED = "access_loaded"
    ACCESS_STALE = "access_stale"
    KEYS_CHANGED = "keys_changed"
    KEYS_UNAVAILABLE = "keys_unavailable"
    OIDC_UNAVAILABLE = "oidc_unavailable"
    SCREEN_NOT_BUILT = "screen_not_built"
    GAZETTEER_MISSING = "gazetteer_missing"
    GEOCODER_FAILED = "geocoder_failed"
    GEOCODER_ANSWERS = "geocoder_answers"
    MAP_STYLE_READ = "map_style_read"
    MAP_STYLE_UNREADABLE = "map_style_unreadable"
    CLOCK_WRONG = "clock_wrong"
    CLOCK_RIGHT = "clock_right"
    DRIVER_CLOCK_WRONG = "driver_clock_wrong"
    DRIVER_CLOCK_RIGHT = "driver_clock_right"
    FIXES_LATE = "fixes_late"
    LATEST_LOADED = "latest_loaded"
    LATEST_DROPPED = "latest_dropped"
    DRIVERS_EXPIRED = "drivers_expired"
    HISTORY_ERASED = "history_erased"
    ERASURE_FAILED = "erasure_failed"
    ERASED_SKIPPED = "erased_skipped"
    POSITION_ACCEPTED = "position_accepted"
    LOG_APPENDED = "log_appended"
    LOG_UNAVAILABLE = "log_unavailable"
    LOG_AVAILABLE = "log_available"
    LOG_FULL = "log_full"
    LOG_TAIL_LOST = "log_tail_lost"
    LOG_TRIMMED = "log_trimmed"
    LOG_LOST = "log_lost"
    LOG_MISSING = "log_missing"
    LOG_APPENDED_AGAIN = "log_appended_again"
    LOG_REPLICAS_MISSING = "log_replicas_missing"
    REDIS_SETTINGS = "redis_settings"
    RECORDER_LISTENING = "recorder_listening"
    RECORDER_STANDBY = "recorder_standby"
    RECORDER_STARTED = "recorder_started"
    RECORDER_COMMITTED = "recorder_committed"
    RECORDER_FENCED = "recorder_fenced"
    FOLD_FAILED = "fold_failed"
    RECORDER_RETRYING = "recorder_retrying"
    RECORDER_STOPPED = "recorder_stopped"
    DATABASE_UNAVAILABLE = "database_unavailable"
    EVENTS_DELAYED = "events_delayed"
    NOTIFIER_STARTED = "notifier_started"
    NOTIFIER_RETRYING = "notifier_retrying"
    NOTIFIER_STOPPED = "notifier_stopped"
    ETA_LEARNED = "eta_learned"
    DELIVERY_FAILED = "delivery_failed"
    DELIVERIES_DEAD = "deliveries_dead"
    CHANNEL_DISABLED = "channel_disabled"
    DEAD_LETTER = "dead_letter"
    PARTITION_CREATED = "partition_created"
    PARTITION_DROPPED = "partition_dropped"
    PARTITION_REDUCED = "partition_reduced"
    DEFAULT_PARTITION_USED = "default_partition_used"
    SCHEMA_MIGRATED = "schema_migrated"
    SCHEMA_REFUSED = "schema_refused"
    INTERNAL_ERROR = "internal_error"
    LIBRARY = "library"


REQUEST_ID: ContextVar[str | None] = ContextVar("request_id", default=None)
"""``X-Request-ID`` of the request that is being answered. Its own variable, because those of structlog cost two
microseconds a request."""

TRACEPARENT: ContextVar[str | None] = ContextVar("traceparent", default=None)
"""Its ``traceparent`` (W3C Trace Context), if it has one."""


TRACES = 100
"""Ids of traces in one log line at most."""


def setup(level: str = "info", style: str = "auto", process: str = "hub") -> None:
    """Configure structlog, and pass it the records of the standard library's loggers (uvicorn, redis, asyncio).

    ``style`` is the setting ``log_format``. ``process`` is the name of the process on each line.
    """
    console = style == "console" or (style == "auto" and sys.stderr.isatty())
    renderer: Any = structlog.dev.ConsoleRenderer() if console else structlog.processors.JSONRenderer()
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        identified,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="ts"),
        structlog.processors.format_exc_info,
    ]
    number = logging.getLevelName(level.upper())
    structlog.configure(
        processors=[*shared, renderer] if console else [*shared, _ordered, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    structlog.contextvars.bind_contextvars(process=process)
    root = logging.getLogger()
    root.handlers = [_Bridge()]
    root.setLevel(max(number, logging.WARNING))
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [], True
        logger.setLevel(logging.WARNING)  # at INFO it logs every handshake with its query string


@contextmanager
def of_request(request_id: str | None, traceparent: str | None) -> Iterator[None]:
    """Log lines have the ids of a request that was answered before."""
    before, before_parent = REQUEST_ID.set(request_id), TRACEPARENT.set(traceparent)
    try:
        yield
    finally:
        REQUEST_ID.reset(before)
        TRACEPARENT.reset(before_parent)


def identified(logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Add the ids of the request."""
    request_id, traceparent = REQUEST_ID.get(), TRACEPARENT.get()
    if request_id is not None:
        event.setdefault("request_id", request_id)
    if traceparent is not None:
        event.setdefault("trace_id", trace_id(traceparent))
    return event


def _ordered(logger: Any, method: str, event: MutableMapping[str, Any]) -> dict[str, Any]:
    """Put the same keys first on each JSON line, so that lines are readable below each other."""
    first = {"ts": event.pop("ts"), "level": event.pop("level"), "process": event.pop("process", None)}
    return {**first, "action": event.pop("event"), **event}


class _Bridge(logging.Handler):
    """Logs the standard library's records as ``library`` lines."""

    def emit(self, record: logging.LogRecord) -> None:
        log = structlog.get_logger()
        exc = record.exc_info if record.exc_info and record.exc_info[0] else None
        log.log(record.levelno, Action.LIBRARY, logger=record.name, message=record.getMessage(), exc_info=exc)


def listed(traces: Collection[str]) -> dict[str, Any]:
    """The fields of a log line about these ``traceparent``: their number, and the ids of the first ``TRACES``. None
    without any."""
    ids = dict.fromkeys(map(trace_id, traces))
    return {} if not ids else {"traces": len(ids), "trace_ids": list(islice(ids, TRACES))}


def get_logger() -> Any:
    return structlog.get_logger()
