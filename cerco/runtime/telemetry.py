"""Tell operators how the gate fares, as OpenTelemetry metrics and one trace for each inspection.

In:    the stages of an inspection as they happen, and its verdict.
Out:   OTLP over HTTP to the configured endpoint; nothing, at no cost, where none is configured.
Never: content, names, accounts, addresses, conversations or anything else a sender chose, in any attribute.

Metrics and their attributes, all under "cerco.":

    requests        counter       channel, operation
    verdicts        counter       action, channel, observed
    findings        counter       rule
    coverage_gaps   counter       why
    rules.changes   counter       outcome ("installed", or "refused": the last good rules stay)
    recording       counter       outcome ("kept", "dropped" where the gate was too busy, or "failed")
    stage.duration  histogram, s  stage
    scanners.wait   histogram, s
    scanners.waiting, .busy, .jobs (fate), .restarts (process): see `pool_meters`

A trace is a span "inspect" (channel, operation, action, observed, rules, gaps) with a child span for each stage; either
has error.type, the name of an exception's class, where one ended it.
"""

import os
import re
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Protocol
from urllib.parse import urlsplit

from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.metrics import Meter
from opentelemetry.sdk.metrics import AlwaysOffExemplarFilter, MeterProvider
from opentelemetry.sdk.metrics.export import MetricReader, PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SimpleSpanProcessor, SpanExporter
from opentelemetry.trace import Span, StatusCode, Tracer, set_span_in_context

from cerco import __version__
from cerco.decide.verdict import Verdict
from cerco.runtime.pool_meters import PoolMeters

# How long one export may take, and how long shutting down may wait for the last one. Seconds.
EXPORT_SECONDS = 5.0
SHUTDOWN_SECONDS = 2.0
# How often metrics go out; the interval the OpenTelemetry specification has as its default. Milliseconds.
INTERVAL_MS = 60_000.0
# Bounds of the stage histogram: message text is to be scanned within 1 ms, a file within some seconds. Seconds.
BOUNDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)

# What a name of our own looks like. Five digits in a row could be part of a number that is somebody's.
_NAME = re.compile(r"(?!.*[0-9]{5})[a-z][a-z0-9_-]*(?:[.:][a-z0-9_-]+)*", re.ASCII)
_NAME_LENGTH = 64


class Inspection(Protocol):
    """One inspection under way."""

    def stage(self, name: str) -> AbstractContextManager[None]:
        """Time one stage of it."""

    def verdict(self, verdict: Verdict) -> None:
        """Count what came of it."""


class Telemetry:
    """The one place the gate reports its own health to; off unless told where to send it.

    `endpoint` is the base URL of an OTLP/HTTP receiver ("http://collector:4318"); traces go to its /v1/traces and
    metrics to its /v1/metrics, with `headers` on each request. `reader` and `exporter` take metrics and spans within
    the process. The OTEL_* environment variables change nothing: the settings file alone says what leaves the machine.

    Raises:
        ValueError: the endpoint is no http or https URL.
    """

    def __init__(
        self,
        endpoint: str | None = None,
        headers: Mapping[str, str] | None = None,
        *,
        reader: MetricReader | None = None,
        exporter: SpanExporter | None = None,
    ) -> None:
        self._instruments: _Instruments | None = None
        self.pool = PoolMeters()
        if endpoint is None and reader is None and exporter is None:
            return
        with _without_otel_environment():
            self._instruments = _Instruments(endpoint, dict(headers or {}), reader, exporter)
        self.pool = self._instruments.pool

    def inspection(self, *, channel: str, operation: str) -> AbstractContextManager[Inspection]:
        """Follow one inspection from its first stage to its verdict."""
        if self._instruments is None:
            return _SILENCE
        return self._instruments.inspection(_bounded(channel), family(operation))

    def rules(self, outcome: str) -> None:
        """Count what came of a change of the rules: "installed" or "refused"."""
        if self._instruments is not None:
            self._instruments.changes.add(1, {"cerco.outcome": _bounded(outcome)})

    def recorded(self, outcome: str, requests: int) -> None:
        """Count requests of which what was seen was "kept", "dropped" or "failed"."""
        if self._instruments is not None:
            self._instruments.recording.add(requests, {"cerco.outcome": _bounded(outcome)})

    def shutdown(self) -> None:
        """Send what is waiting, for at most two seconds, and stop."""
        instruments, self._instruments = self._instruments, None
        if instruments is not None:
            instruments.shutdown()


def family(operation: str) -> str:
    """Return what telemetry may say of an operation.

    The names of our own catalogue have dots and no slashes and pass ("robot.send"). A web-chat operation ends in a path
    that the client wrote, so only "lwp" is left of it. Anything else is "other".
    """
    if operation.startswith("lwp:"):
        return "lwp"
    return _bounded(operation)


def _bounded(name: str) -> str:
    return name if len(name) <= _NAME_LENGTH and _NAME.fullmatch(name) else "other"


class _Silent:
    """An inspection nobody follows; one serves all."""

    __slots__ = ()

    def stage(self, name: str) -> AbstractContextManager[None]:  # noqa: ARG002 - the shape of Inspection
        return _NOTHING

    def verdict(self, verdict: Verdict) -> None:
        """Count nothing."""


_NOTHING = nullcontext()
_SILENCE: AbstractContextManager[Inspection] = nullcontext(_Silent())


class _Instruments:
    """The OpenTelemetry objects behind a Telemetry that is on. Global providers are neither read nor set."""

    def __init__(
        self, endpoint: str | None, headers: dict[str, str], reader: MetricReader | None, exporter: SpanExporter | None
    ) -> None:
        # No detectors: they would add the host's, the user's and the process's names.
        resource = Resource({"service.name": "cerco", "service.version": __version__})
        readers = [] if reader is None else [reader]
        self._traces = TracerProvider(resource=resource, shutdown_on_exit=False)
        if exporter is not None:
            self._traces.add_span_processor(SimpleSpanProcessor(exporter))
        if endpoint is not None:
            base = _checked(endpoint)
            spans = OTLPSpanExporter(f"{base}/v1/traces", headers=headers, timeout=EXPORT_SECONDS)
            self._traces.add_span_processor(BatchSpanProcessor(spans))
            metrics = OTLPMetricExporter(f"{base}/v1/metrics", headers=headers, timeout=EXPORT_SECONDS)
            readers.append(PeriodicExportingMetricReader(metrics, INTERVAL_MS, EXPORT_SECONDS * 1000))
        self._metrics = MeterProvider(readers, resource, AlwaysOffExemplarFilter(), shutdown_on_exit=False)
        self._tracer: Tracer = self._traces.get_tracer("cerco", __version__)
        meter: Meter = self._metrics.get_meter("cerco", __version__)
        self._requests = meter.create_counter("cerco.requests", "{request}", "Requests and frames inspected")
        self.verdicts = meter.create_counter("cerco.verdicts", "{verdict}", "Verdicts given")
        self.findings = meter.create_counter("cerco.findings", "{finding}", "Findings in verdicts")
        self.gaps = meter.create_counter("cerco.coverage_gaps", "{gap}", "Pieces nobody could read")
        self.changes = meter.create_counter("cerco.rules.changes", "{change}", "Changes of the rules")
        self.recording = meter.create_counter("cerco.recording", "{request}", "Requests kept for simulations")
        self._durations = meter.create_histogram(
            "cerco.stage.duration", "s", "Time a stage took", explicit_bucket_boundaries_advisory=BOUNDS
        )
        self.pool = PoolMeters(meter, BOUNDS)

    @contextmanager
    def inspection(self, channel: str, operation: str) -> Iterator[Inspection]:
        attributes = {"cerco.channel": channel, "cerco.operation": operation}
        self._requests.add(1, attributes)
        # An empty context: no span that happens to be current in this task becomes the parent.
        with self._span("inspect", Context(), attributes) as span:
            yield _Followed(self, span, channel)

    @contextmanager
    def stage(self, name: str, parent: Span) -> Iterator[None]:
        began = time.perf_counter()
        try:
            with self._span(name, set_span_in_context(parent, Context()), {}):
                yield
        finally:
            self._durations.record(time.perf_counter() - began, {"cerco.stage": name})

    @contextmanager
    def _span(self, name: str, context: Context, attributes: Mapping[str, str]) -> Iterator[Span]:
        """Run a span that notes the type of an exception; the SDK's own way would note its text and its frames."""
        span = self._tracer.start_span(name, context, attributes=attributes)
        try:
            yield span
        except BaseException as error:
            span.set_status(StatusCode.ERROR)
            span.set_attribute("error.type", type(error).__name__)
            raise
        finally:
            span.end()

    def shutdown(self) -> None:
        """Stop both providers at once; neither keeps to a deadline of its own accord."""
        deadline = time.monotonic() + SHUTDOWN_SECONDS
        threads = [
            threading.Thread(target=provider.shutdown, name="telemetry-shutdown", daemon=True)
            for provider in (self._traces, self._metrics)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(max(0.0, deadline - time.monotonic()))


class _Followed:
    """An inspection whose stages and verdict are reported."""

    __slots__ = ("_channel", "_instruments", "_span")

    def __init__(self, instruments: _Instruments, span: Span, channel: str) -> None:
        self._instruments = instruments
        self._span = span
        self._channel = channel

    def stage(self, name: str) -> AbstractContextManager[None]:
        return self._instruments.stage(_bounded(name), self._span)

    def verdict(self, verdict: Verdict) -> None:
        given: dict[str, str | bool] = {"cerco.action": verdict.action.name.lower(), "cerco.observed": verdict.observed}
        self._instruments.verdicts.add(1, {**given, "cerco.channel": self._channel})
        rules = Counter(_bounded(finding.rule) for finding in verdict.findings)
        for rule, count in rules.items():
            self._instruments.findings.add(count, {"cerco.rule": rule})
        gaps = Counter(gap.why.value for gap in verdict.coverage)
        for why, count in gaps.items():
            self._instruments.gaps.add(count, {"cerco.why": why})
        self._span.set_attributes({**given, "cerco.rules": sorted(rules), "cerco.gaps": sorted(gaps)})


def _checked(endpoint: str) -> str:
    parts = urlsplit(endpoint)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("the telemetry endpoint must be an http or https URL")
    return endpoint.rstrip("/")


@contextmanager
def _without_otel_environment() -> Iterator[None]:
    """Hide the OTEL_* variables while the SDK is set up: they could add headers, certificates, code and limits."""
    hidden = {name: value for name, value in os.environ.items() if name.startswith("OTEL_")}
    for name in hidden:
        del os.environ[name]
    try:
        yield
    finally:
        os.environ.update(hidden)
