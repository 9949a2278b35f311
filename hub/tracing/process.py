"""The spans of this process, sent to an OpenTelemetry collector (``HUB_OTLP_URL``). Without it nothing is made, and the
tracer of OpenTelemetry is not loaded.

One exporter for the process, as there is one log: ``start`` makes it, and ``stop`` sends what waits.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib.util import find_spec
from typing import Any

from hub import __version__
from hub.extras import missing
from hub.settings import Settings
from hub.startup import StartupError
from hub.tracing.spans import Kind, Tracing

current: Tracing | None = None
"""Of this process; None without ``HUB_OTLP_URL``."""


def start(settings: Settings, process: str) -> None:
    """Begin to make spans, if the settings say so. Raises ``StartupError`` without the extra."""
    global current
    if not settings.otlp_url:
        return
    if find_spec("opentelemetry") is None or find_spec("opentelemetry.exporter") is None:
        raise StartupError(f"HUB_OTLP_URL: {missing('otel')}")
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    own = {"service.name": "location-hub", "service.version": __version__, "hub.process": process}
    provider = TracerProvider(resource=Resource.create(own), shutdown_on_exit=False)
    exporter = OTLPSpanExporter(f"{settings.otlp_url.rstrip('/')}/v1/traces", timeout=5)
    provider.add_span_processor(BatchSpanProcessor(exporter))
    current = Tracing(provider, settings.trace_ratio)


def stop() -> None:
    """Send what waits, and make no more spans."""
    global current
    if current is not None:
        current.close()
        current = None


def each(name: str, kind: Kind, traces: Iterable[str], seconds: float, **attributes: Any) -> None:
    """``Tracing.each``, if there is a collector."""
    if current is not None:
        current.each(name, kind, traces, seconds, **attributes)
