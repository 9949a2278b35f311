"""Settings of traces. ``hub.settings`` has the others."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from hub.config.process import ProcessSettings


class TracingSettings(ProcessSettings, frozen=True, kw_only=True):
    """Settings of traces, each followed by its text."""

    otlp_url: Annotated[str, Meta(pattern=r"^(https?://[^\s?#@]+)?$")] = ""
    """URL of an OpenTelemetry collector, such as `http://collector:4318`, to which spans are sent (OTLP by HTTP). Needs
    the extra `otel`. If empty, no spans are made (docs/operations.md)."""
    trace_ratio: Annotated[float, Meta(ge=0, le=1)] = 0.0
    """Part of the requests and acknowledged messages without a `traceparent` for which the hub begins a trace, 0 to 1;
    only with HUB_OTLP_URL. Senders with a `traceparent` decide themselves."""
    trace_days: Annotated[int, Meta(ge=1, le=365)] = 7
    """Days for which it is kept which trace a stored position belongs to. Some 240 bytes for each position with a
    trace."""
