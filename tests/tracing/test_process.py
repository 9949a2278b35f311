"""Spans from a request and a message to the commit, at a receiver of OTLP in this process; and nothing without it."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)

from hub.settings import Settings
from tests.core.test_traces import PARENT, TRACE
from tests.support.api.calls import call
from tests.support.hub_process import HubProcess
from tests.support.peers import Peer
from tests.support.running import until

PATH = "/api/v1/location"
FIX = {"driverId": "d", "latitude": 25.25, "longitude": 55.75}


class Received(NamedTuple):
    name: str
    trace: str
    id: str
    parent: str
    failed: bool
    attributes: dict[str, Any]
    process: str


class Collector:
    """Spans that were received by OTLP (http/protobuf)."""

    def __init__(self) -> None:
        self.spans: list[Received] = []
        self.types: set[str] = set()
        received = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                if self.headers.get("content-encoding") == "gzip":
                    body = gzip.decompress(body)
                received.types.add(f"{self.path} {self.headers['content-type']}")
                received.take(ExportTraceServiceRequest.FromString(body))
                answer = ExportTraceServiceResponse().SerializeToString()
                self.send_response(200)
                self.send_header("content-type", "application/x-protobuf")
                self.send_header("content-length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *args: object) -> None:
                """Nothing: pytest shows what fails."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def take(self, request: ExportTraceServiceRequest) -> None:
        for of in request.resource_spans:
            resource = {one.key: one.value.string_value for one in of.resource.attributes}
            assert resource["service.name"] == "location-hub"
            for scope in of.scope_spans:
                for span in scope.spans:
                    values = {
                        one.key: one.value.string_value or one.value.int_value or one.value.double_value
                        for one in span.attributes
                    }
                    assert span.end_time_unix_nano >= span.start_time_unix_nano > 0
                    self.spans.append(
                        Received(
                            span.name, span.trace_id.hex(), span.span_id.hex(), span.parent_span_id.hex(),
                            span.status.code == 2, values, resource["hub.process"],
                        )
                    )  # fmt: skip

    def of(self, trace: str) -> dict[str, Received]:
        """Name -> span of a trace."""
        return {span.name: span for span in self.spans if span.trace == trace}


@contextmanager
def collecting() -> Iterator[Collector]:
    collector = Collector()
    thread = threading.Thread(target=collector.server.serve_forever)
    thread.start()
    try:
        yield collector
    finally:
        collector.server.shutdown()
        thread.join()
        collector.server.server_close()


@pytest.fixture(scope="module")
def collector() -> Iterator[Collector]:
    with collecting() as running:
        yield running


@contextmanager
def traced_hub(collector: Collector, folder: Path, **settings: Any) -> Iterator[HubProcess]:
    hub = HubProcess(
        Settings(port=0, map="offline", data_dir=folder / "data", otlp_url=collector.url, **settings), folder
    )
    hub.start()
    try:
        yield hub
    finally:
        hub.stop()


@pytest.fixture(scope="module")
def hub(collector: Collector, tmp_path_factory: pytest.TempPathFactory) -> Iterator[HubProcess]:
    patch = pytest.MonkeyPatch()
    patch.setenv("OTEL_BSP_SCHEDULE_DELAY", "200")
    with traced_hub(collector, tmp_path_factory.mktemp("otel")) as running:
        yield running
    patch.undo()


def other(number: int, flags: str = "01") -> str:
    return f"00-{number:032x}-00f067aa0ba902b7-{flags}"


def test_a_request_has_spans_up_to_the_commit(hub: HubProcess, collector: Collector) -> None:
    assert call(hub, "POST", PATH, FIX, {"traceparent": PARENT}).status == 200
    until(lambda: {f"POST {PATH}", "append", "commit"} <= set(collector.of(TRACE)))
    request, append, commit = (collector.of(TRACE)[name] for name in (f"POST {PATH}", "append", "commit"))
    assert request.parent == PARENT[36:52]
    assert append.parent == commit.parent == request.id
    assert (request.process, append.process, commit.process) == ("hub", "hub", "recorder")
    assert request.attributes["http.route"] == PATH
    assert request.attributes["http.response.status_code"] == 200
    assert append.attributes["hub.entry"].partition("-")[0].isdigit()
    assert collector.types == {"/v1/traces application/x-protobuf"}


def test_a_message_has_a_span_until_its_ack(hub: HubProcess, collector: Collector) -> None:
    parent = other(1)
    with Peer(hub.address) as peer:
        peer.say(json.dumps(FIX | {"traceparent": parent, "msgNo": 1}))
        peer.say(json.dumps(FIX | {"latitude": 91, "traceparent": other(2), "msgNo": 2}))
        peer.say(json.dumps(FIX | {"traceparent": other(3), "driverId": "a b", "msgNo": 3}))
        until(lambda: {"publish /ws", "append", "commit"} <= set(collector.of(parent[3:35])))
        until(lambda: "publish /ws" in collector.of(other(3)[3:35]))
    message, append = (collector.of(parent[3:35])[name] for name in ("publish /ws", "append"))
    assert message.parent == parent[36:52] and append.parent == message.id
    assert not message.failed and collector.of(other(3)[3:35])["publish /ws"].failed
    # What cannot be decoded has no fix, and so no span.
    assert collector.of(other(2)[3:35]) == {}


def test_what_is_not_sampled_has_no_span_and_no_span_has_a_place(hub: HubProcess, collector: Collector) -> None:
    assert call(hub, "POST", PATH, FIX, {"traceparent": other(4, "00")}).status == 200
    assert call(hub, "POST", PATH, FIX, {}).status == 200
    assert call(hub, "GET", "/api/v1/drivers/d?secret=1", None, {"traceparent": other(5)}).status == 200
    until(lambda: "GET /api/v1/drivers/{driver_id}" in collector.of(other(5)[3:35]))
    assert collector.of(other(4)[3:35]) == {}
    assert {span.trace for span in collector.spans} <= {TRACE, *(other(number)[3:35] for number in (1, 3, 5))}
    told = str(collector.spans)
    assert "25.25" not in told and "secret" not in told


@pytest.mark.thorough
def test_requests_begin_traces_at_the_ratio(collector: Collector, tmp_path: Path) -> None:
    with collecting() as own, traced_hub(own, tmp_path, trace_ratio=1.0) as hub:
        assert call(hub, "POST", PATH, FIX).status == 200
        until(lambda: fully(own))
    (request,) = [span for span in own.spans if span.name == f"POST {PATH}"]
    assert request.parent == "" and {"append", "commit"} <= set(own.of(request.trace))


def fully(collector: Collector) -> bool:
    return {f"POST {PATH}", "append", "commit"} <= {span.name for span in collector.spans}


def test_without_the_setting_no_tracer_and_no_exporter_are_loaded() -> None:
    """redis-py loads parts of OpenTelemetry where it is installed."""
    code = "import sys, hub.serve, hub.recorder.loop; print(*sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.split()
    assert "hub.tracing.process" in said
    assert [name for name in said if name.startswith(("opentelemetry.sdk.trace", "opentelemetry.exporter"))] == []
