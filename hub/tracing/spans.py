"""Spans: what a request, a message, an append or a commit took, and what it belongs to."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Literal

from hub import __version__
from hub.core.traces import sampled

if TYPE_CHECKING:
    from opentelemetry.context import Context
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Span, Tracer

Attributes = dict[str, str | int | float]
Kind = Literal["server", "consumer", "producer", "internal"]

LAST = 2.0
"""Seconds that the collector has for the last spans when the process ends."""

MOST = 100
"""Spans for one entry of the log, or for one commit, at most."""


class Running:
    """A span that has begun. ``traceparent`` is that of what belongs to it."""

    __slots__ = ("_span", "traceparent")

    def __init__(self, span: Span) -> None:
        self._span = span
        context = span.get_span_context()
        self.traceparent = f"00-{context.trace_id:032x}-{context.span_id:016x}-01"

    def end(self, name: str = "", error: str = "", **attributes: str | int | float) -> None:
        """End it now, with a better name if there is one, and as a failure if there is an error."""
        from opentelemetry.trace import StatusCode

        if name:
            self._span.update_name(name)
        self._span.set_attributes(_dotted(attributes))
        if error:
            self._span.set_status(StatusCode.ERROR, error)
        self._span.end()


class Tracing:
    """Makes the spans of a process. ``ratio``: of those without a ``traceparent``, the part that begins a trace."""

    def __init__(self, provider: TracerProvider, ratio: float) -> None:
        self._provider, self.ratio = provider, ratio
        self._tracer: Tracer = provider.get_tracer("hub", __version__)

    def begin(self, name: str, kind: Kind, traceparent: str | None, **attributes: str | int | float) -> Running | None:
        """Begin a span under a ``traceparent``, or one that begins a trace. None if it is not to be recorded."""
        parent = sampled(traceparent)
        if parent is None and (traceparent is not None or random.random() >= self.ratio):
            return None
        return Running(self._start(name, kind, parent, None, attributes))

    def each(self, name: str, kind: Kind, traces: Iterable[str], seconds: float, **attributes: Any) -> None:
        """A span that lasted for so many seconds up to now, for each ``traceparent``."""
        end = time.time_ns()
        for traceparent, _ in zip(traces, range(MOST), strict=False):
            self._start(name, kind, traceparent, end - int(seconds * 1e9), attributes).end(end)

    def _start(self, name: str, kind: Kind, parent: str | None, start: int | None, attributes: dict[str, Any]) -> Span:
        from opentelemetry.trace import SpanKind

        return self._tracer.start_span(
            name, _context(parent), SpanKind[kind.upper()], _dotted(attributes), start_time=start
        )

    def close(self) -> None:
        """Send what waits, as far as the collector takes it in ``LAST`` seconds."""
        closing = threading.Thread(target=self._provider.shutdown, daemon=True)
        closing.start()
        closing.join(LAST)


def _context(parent: str | None) -> Context:
    """The context of a span: under a span of another process, or empty."""
    from opentelemetry.context import Context
    from opentelemetry.trace import NonRecordingSpan, SpanContext, TraceFlags, set_span_in_context

    if parent is None:
        return Context()
    remote = SpanContext(int(parent[3:35], 16), int(parent[36:52], 16), is_remote=True, trace_flags=TraceFlags(1))
    return set_span_in_context(NonRecordingSpan(remote), Context())


def _dotted(attributes: dict[str, Any]) -> Attributes:
    """Names of attributes as OpenTelemetry writes them: ``http_route`` is ``http.route``; two underscores stay one."""
    return {name.replace("__", "\0").replace("_", ".").replace("\0", "_"): value for name, value in attributes.items()}
