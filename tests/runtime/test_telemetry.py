"""Telemetry: what is reported, that it names nobody, and that off means off."""

import gzip
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from cerco.decide.verdict import Action, Verdict
from cerco.extract.text import Unreadable, Why
from cerco.runtime import telemetry as module
from cerco.runtime.telemetry import Telemetry, family
from cerco.scan.finding import Finding

PLANTED = "1234567"  # what every planted value holds, in one spelling or another


def finding(rule: str) -> Finding:
    return Finding(rule, f"E{PLANTED}", "high", 1.0, f"file {PLANTED}.xlsx", 0, 7, PLANTED, PLANTED, (PLANTED,))


VERDICT = Verdict(
    Action.BLOCK,
    (f"decision {PLANTED}",),
    (finding("macau-id-card"), finding("macau-id-card"), finding("credit-card")),
    (Unreadable(f"{PLANTED}.zip", Why.ENCRYPTED), Unreadable("b", Why.TIMED_OUT)),
    label=PLANTED,
)


class Watched:
    """A telemetry whose metrics and spans stay in this process."""

    def __init__(self) -> None:
        self.reader = InMemoryMetricReader()
        self.exporter = InMemorySpanExporter()
        self.telemetry = Telemetry(reader=self.reader, exporter=self.exporter)

    def metrics(self) -> dict[str, list[tuple[dict[str, Any], Any]]]:
        """Return name -> [(attributes, value or count)]."""
        data = self.reader.get_metrics_data()
        return {
            metric.name: [
                (dict(point.attributes or {}), getattr(point, "value", getattr(point, "count", None)))
                for point in metric.data.data_points
            ]
            for resource in (data.resource_metrics if data else ())
            for scope in resource.scope_metrics
            for metric in scope.metrics
        }

    def spans(self) -> tuple[ReadableSpan, ...]:
        return self.exporter.get_finished_spans()


@pytest.fixture
def watched() -> Iterator[Watched]:
    watched = Watched()
    yield watched
    watched.telemetry.shutdown()


def inspect(telemetry: Telemetry, verdict: Verdict = VERDICT, operation: str = "robot.send") -> None:
    with telemetry.inspection(channel="oapi", operation=operation) as inspection:
        with inspection.stage("scan"):
            pass
        with inspection.stage("decide"):
            pass
        inspection.verdict(verdict)


def test_each_metric_counts_what_it_says(watched: Watched) -> None:
    inspect(watched.telemetry)
    inspect(watched.telemetry, Verdict(Action.TAG, (), (), (), observed=True))
    metrics = watched.metrics()
    verdicts = [
        ({"cerco.action": "block", "cerco.observed": False, "cerco.channel": "oapi"}, 1),
        ({"cerco.action": "tag", "cerco.observed": True, "cerco.channel": "oapi"}, 1),
    ]
    assert metrics == {
        "cerco.requests": [({"cerco.channel": "oapi", "cerco.operation": "robot.send"}, 2)],
        "cerco.verdicts": verdicts,
        "cerco.findings": [({"cerco.rule": "macau-id-card"}, 2), ({"cerco.rule": "credit-card"}, 1)],
        "cerco.coverage_gaps": [({"cerco.why": "encrypted"}, 1), ({"cerco.why": "timed_out"}, 1)],
        "cerco.stage.duration": [({"cerco.stage": "scan"}, 2), ({"cerco.stage": "decide"}, 2)],
    }


def test_stage_times_are_seconds(watched: Watched) -> None:
    with watched.telemetry.inspection(channel="oapi", operation="x") as inspection, inspection.stage("scan"):
        time.sleep(0.02)
    data = watched.reader.get_metrics_data()
    assert data is not None
    (point,) = [
        point
        for metric in data.resource_metrics[0].scope_metrics[0].metrics
        if metric.name == "cerco.stage.duration"
        for point in metric.data.data_points
    ]
    assert 0.02 <= getattr(point, "sum", 0.0) < 2
    assert getattr(point, "explicit_bounds", ()) == module.BOUNDS


def test_an_inspection_is_one_trace_with_a_span_per_stage(watched: Watched) -> None:
    inspect(watched.telemetry)
    inspect(watched.telemetry)
    spans = watched.spans()
    assert [span.name for span in spans] == ["scan", "decide", "inspect"] * 2
    one, other = spans[:3], spans[3:]
    for trace in (one, other):
        scan, decide, root = trace
        assert root.parent is None
        for child in (scan, decide):
            assert child.parent is not None
            assert root.context is not None
            assert child.parent.span_id == root.context.span_id
    assert dict(one[2].attributes or {}) == {
        "cerco.channel": "oapi",
        "cerco.operation": "robot.send",
        "cerco.action": "block",
        "cerco.observed": False,
        "cerco.rules": ("credit-card", "macau-id-card"),
        "cerco.gaps": ("encrypted", "timed_out"),
    }
    traces = {span.context.trace_id for span in spans if span.context}
    assert len(traces) == 2


def test_a_failing_stage_leaves_its_type_and_nothing_of_its_text(watched: Watched) -> None:
    with (
        pytest.raises(LookupError),
        watched.telemetry.inspection(channel="oapi", operation="x") as inspection,
        inspection.stage("scan"),
    ):
        raise LookupError(PLANTED)
    scan, root = watched.spans()
    for span in (scan, root):
        assert not span.status.is_ok
        assert dict(span.attributes or {})["error.type"] == "LookupError"
        assert PLANTED not in span.to_json()
        assert not span.events
    assert watched.metrics()["cerco.stage.duration"] == [({"cerco.stage": "scan"}, 1)]


@pytest.mark.parametrize(
    ("operation", "said"),
    [
        ("robot.send", "robot.send"),
        ("generic", "generic"),
        ("opaque.raw-tcp", "opaque.raw-tcp"),
        ("v1.0", "v1.0"),
        ("a" * 64, "a" * 64),
        ("a" * 65, "other"),
        ("oss.put1234", "oss.put1234"),
        ("oss.put12345", "other"),
        ("lwp:/r/IDLSend/send", "lwp"),
        ("lwp:/r/Chan Tai Man/send", "lwp"),
        ("generic:/users/chan", "other"),
        ("/v1.0/robot", "other"),
        ("Robot.Send", "other"),
        ("客戶名單", "other"),
        ("robot.send\n", "other"),
        ("robot..send", "other"),
        ("chan@example", "other"),
        ("robot.send ١٢٣", "other"),
        ("", "other"),
    ],
)
def test_only_names_of_our_own_are_said(operation: str, said: str) -> None:
    assert family(operation) == said


def test_no_planted_value_is_in_any_attribute(watched: Watched) -> None:
    rude = Verdict(Action.BLOCK, (), (finding(f"rule-{PLANTED}"), finding("陳大文")), VERDICT.coverage, label="陳大文")
    with watched.telemetry.inspection(channel=f"oapi {PLANTED}", operation=f"lwp:/r/{PLANTED}/陳大文") as inspection:
        with inspection.stage(f"scan {PLANTED}"):
            pass
        inspection.verdict(rude)
    inspect(watched.telemetry, operation=f"robot.{PLANTED}")
    said = repr(watched.metrics()) + "".join(span.to_json() for span in watched.spans())
    assert PLANTED not in said
    assert "陳" not in said
    assert "\\u9673" not in said
    assert said.count("macau-id-card") >= 2, "the rules are there, in a form this test can read"


def test_the_resource_names_the_service_and_nothing_of_the_machine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OTEL_RESOURCE_ATTRIBUTES", f"who={PLANTED}")
    monkeypatch.setenv("OTEL_EXPERIMENTAL_RESOURCE_DETECTORS", "*")
    watched = Watched()
    inspect(watched.telemetry)
    data = watched.reader.get_metrics_data()
    assert data is not None
    for resource in (watched.spans()[0].resource, data.resource_metrics[0].resource):
        assert set(resource.attributes) == {"service.name", "service.version"}
    watched.telemetry.shutdown()


def test_off_makes_no_sdk_object_and_still_times_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TracerProvider", "MeterProvider", "OTLPSpanExporter", "OTLPMetricExporter", "BatchSpanProcessor"):
        monkeypatch.setattr(module, name, None)  # calling any of them would raise
    for name in ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("OTEL_TRACES_EXPORTER", "otlp")
    before = threading.active_count()
    telemetry = Telemetry(None, {"authorization": "x"})
    inspect(telemetry)
    assert threading.active_count() == before
    one = telemetry.inspection(channel="oapi", operation="robot.send")
    assert one is telemetry.inspection(channel="api", operation="oss.put"), "nothing is made for each inspection"
    telemetry.shutdown()
    telemetry.shutdown()


def test_off_lets_exceptions_through() -> None:
    with (
        pytest.raises(LookupError),
        Telemetry().inspection(channel="oapi", operation="x") as inspection,
        inspection.stage("scan"),
    ):
        raise LookupError


@dataclass
class Receiver:
    """A real OTLP receiver on loopback."""

    url: str = ""
    delay: float = 0.0
    status: int = 200
    requests: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)


@contextmanager
def receiving() -> Iterator[Receiver]:
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.headers.get("Content-Encoding") == "gzip":
                body = gzip.decompress(body)
            receiver.requests.append((self.path, {k.lower(): v for k, v in self.headers.items()}, body))
            time.sleep(receiver.delay)
            self.send_response(receiver.status)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
            """Stay silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receiver.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()


def test_traces_and_metrics_reach_a_receiver(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_HEADERS", "x-from-environment=1")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_COMPRESSION", "gzip")
    monkeypatch.setenv("OTEL_SDK_DISABLED", "true")
    with receiving() as receiver:
        telemetry = Telemetry(f"{receiver.url}/", {"Authorization": "Bearer token-of-the-test"})
        assert os.environ["OTEL_SDK_DISABLED"] == "true", "the environment is as it was"
        inspect(telemetry)
        telemetry.shutdown()
    bodies = {path: body for path, _, body in receiver.requests}
    assert set(bodies) == {"/v1/traces", "/v1/metrics"}
    traces = ExportTraceServiceRequest.FromString(bodies["/v1/traces"])
    spans = traces.resource_spans[0].scope_spans[0].spans
    assert [span.name for span in spans] == ["scan", "decide", "inspect"]
    metrics = ExportMetricsServiceRequest.FromString(bodies["/v1/metrics"])
    names = {metric.name for metric in metrics.resource_metrics[0].scope_metrics[0].metrics}
    assert names == {
        "cerco.requests",
        "cerco.verdicts",
        "cerco.findings",
        "cerco.coverage_gaps",
        "cerco.stage.duration",
    }
    for _, headers, body in receiver.requests:
        assert headers["authorization"] == "Bearer token-of-the-test"
        assert "x-from-environment" not in headers
        assert PLANTED.encode() not in body


@pytest.mark.parametrize(("delay", "status"), [(6.0, 200), (0.0, 503)], ids=["hangs", "answers 503"])
def test_a_receiver_that_fails_does_not_hold_up_the_end(delay: float, status: int) -> None:
    with receiving() as receiver:
        receiver.delay, receiver.status = delay, status
        telemetry = Telemetry(receiver.url)
        inspect(telemetry)
        began = time.monotonic()
        telemetry.shutdown()
        took = time.monotonic() - began
        assert receiver.requests
    assert took < module.SHUTDOWN_SECONDS + 1


def test_after_the_end_inspections_go_on_unreported(watched: Watched) -> None:
    watched.telemetry.shutdown()
    inspect(watched.telemetry)
    assert watched.spans() == ()


@pytest.mark.parametrize("endpoint", ["", "collector:4318", "ftp://collector", "http://", "/v1/traces"])
def test_an_endpoint_that_is_no_url_is_refused(endpoint: str) -> None:
    with pytest.raises(ValueError, match="must be an http or https URL"):
        Telemetry(endpoint)
