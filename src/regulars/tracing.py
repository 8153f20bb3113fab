"""Traces by OpenTelemetry, where somebody wants them: the extra `regulars[otel]`, and an address to send them to.

Rooms say `with span("follow", ...)`. Until `begin` has been called that is nothing, and OpenTelemetry is not imported.
"""

import os
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from typing import Any

from regulars.settings import Settings
from regulars.words.errors import Invalid

STANDARD = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
"""What OpenTelemetry itself reads, and so do we."""
_PATH = "/v1/traces"
_SECONDS = 5


class Span:
    """One piece of work that is being traced, or is not."""

    def __init__(self, inner: Any = None) -> None:
        self._inner = inner

    def note(self, **attributes: str | float | bool) -> None:
        """Add what is known by now."""
        if self._inner is not None:
            self._inner.set_attributes({f"regulars.{name}": value for name, value in attributes.items()})

    def name(self, name: str) -> None:
        """Name the work anew, now that it is known what it is."""
        if self._inner is not None:
            self._inner.update_name(name)

    def failed(self) -> None:
        """Say that the work came to nothing."""
        if self._inner is not None:
            from opentelemetry.trace import StatusCode

            self._inner.set_status(StatusCode.ERROR)


_NOTHING = Span()


class _Tracer:
    """OpenTelemetry's tracer and its provider, which sends what it has when it ends."""

    def __init__(self, endpoint: str) -> None:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor

        resource = Resource.create({"service.name": os.environ.get("OTEL_SERVICE_NAME", "regulars")})
        self._provider = TracerProvider(resource=resource)
        exporter = OTLPSpanExporter(endpoint=endpoint or None, timeout=_SECONDS)
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer("regulars")

    @contextmanager
    def span(self, name: str, headers: Mapping[str, str] | None) -> Generator[Span]:
        from opentelemetry.trace import SpanKind
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

        context = None if headers is None else TraceContextTextMapPropagator().extract(headers)
        kind = SpanKind.INTERNAL if headers is None else SpanKind.SERVER
        with self._tracer.start_as_current_span(name, context=context, kind=kind) as inner:
            yield Span(inner)

    def end(self) -> None:
        """Send what is left, and stop."""
        self._provider.shutdown()


class _Tracing:
    """Whether this process traces."""

    tracer: _Tracer | None = None


def wanted(settings: Settings, environment: Mapping[str, str] = os.environ) -> bool:
    """Return whether there is somewhere to send traces to."""
    return bool(settings.otel_endpoint) or any(environment.get(name) for name in STANDARD)


def begin(settings: Settings) -> Callable[[], None]:
    """Trace from now on, where that is wanted; return what ends it. Raise Invalid where the extra is not installed."""
    if not wanted(settings) or _Tracing.tracer is not None:
        return _nothing
    endpoint = settings.otel_endpoint.rstrip("/")
    if endpoint and not endpoint.endswith(_PATH):
        endpoint += _PATH
    try:
        tracer = _Tracing.tracer = _Tracer(endpoint)
    except ImportError as error:
        raise Invalid(
            "Traces are to be sent, but OpenTelemetry is not installed. Install regulars[otel], or take away "
            "REGULARS_OTEL_ENDPOINT and OTEL_EXPORTER_OTLP_ENDPOINT."
        ) from error

    def end() -> None:
        _Tracing.tracer = None
        tracer.end()

    return end


@contextmanager
def span(name: str, *, headers: Mapping[str, str] | None = None, **attributes: str | float | bool) -> Generator[Span]:
    """Trace a piece of work; `headers` are those of the request it answers, and may name the trace it belongs to."""
    tracer = _Tracing.tracer
    if tracer is None:
        yield _NOTHING
        return
    with tracer.span(name, headers) as made:
        made.note(**attributes)
        yield made


def _nothing() -> None:
    """Nothing was begun, and nothing ends."""
