"""Traces, where somebody wants them: requests, groups of events, batches of followers, sends; and nothing otherwise."""

import subprocess
import sys
from pathlib import Path

import pytest
from litestar.testing import TestClient
from tests.tracing.collector import Collector
from tests.web.conftest import *  # noqa: F403 (the house and its shop)
from tests.web.console_story import Shop

from regulars import tracing
from regulars.settings import Settings
from regulars.web.app import create_app
from regulars.words.errors import Invalid

TRACE, PARENT = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"


@pytest.fixture
def collector():
    collector = Collector()
    yield collector
    collector.close()


@pytest.fixture
def traced(collector):
    """Tracing begins; what it returns ends it, when everything has been sent."""
    end = tracing.begin(Settings(data=Path("unused"), otel_endpoint=collector.address))
    yield end
    end()


def test_a_request_is_a_span_of_the_callers_trace_with_its_number(house, collector, traced):
    with TestClient(create_app(house)) as client:
        answer = client.get("/api/events?name=secret", headers={"traceparent": f"00-{TRACE}-{PARENT}-01"})
    traced()
    (span,) = collector.named("GET /api/events")
    assert (span.trace, span.parent) == (TRACE, PARENT)
    assert span.about == {
        "regulars.request_id": answer.headers["x-request-id"],
        "regulars.route": "/api/events",
        "regulars.status": 401,
    }
    assert collector.services == {"regulars"}


def test_a_request_that_names_no_trace_begins_one(house, collector, traced):
    with TestClient(create_app(house)) as client:
        client.get("/f/nobody", headers={"traceparent": "00-not-one-01"})
        client.get("/healthz")
    traced()
    (span,) = collector.spans
    assert span.parent == ""


def test_an_error_of_ours_is_a_failed_span(house, collector, traced, monkeypatch):
    monkeypatch.setattr(house.keys, "known", lambda _: 1 / 0)
    with TestClient(create_app(house), raise_server_exceptions=False) as client:
        client.get("/api/events", headers={"authorization": "Bearer x"})
    traced()
    (span,) = collector.spans
    assert span.about["regulars.status"] == 500
    assert span.status == 2


def test_events_have_a_span_a_group_and_followers_one_a_batch_and_sends_one(house, workspace, collector, traced):
    from regulars.access.keys import create_key

    key = create_key(house.database, workspace, "write")
    events = [{"type": "track", "anonymousId": f"a-{n}", "event": "Looked"} for n in range(50)]
    with TestClient(create_app(house)) as client:
        client.post("/v1/batch", json={"batch": events, "writeKey": key}).raise_for_status()
    Shop(house, workspace).tell()
    traced()
    (group,) = collector.named("hear")
    assert group.about == {"regulars.workspace": workspace, "regulars.requests": 1, "regulars.events": 50}
    followers = {span.about["regulars.follower"] for span in collector.named("follow")}
    assert {"identity", "facts", "segments", "hours"} <= followers
    assert [span.about["regulars.messages"] for span in collector.named("send")] == [1]


def test_without_an_address_nothing_is_imported_and_nothing_sent():
    code = (
        "import sys; from regulars import tracing; from regulars.settings import load\n"
        "tracing.begin(load({}))()\n"
        "with tracing.span('x', headers={}, a=1) as span: span.note(b=2); span.name('y'); span.failed()\n"
        "sys.exit(any(name.startswith('opentelemetry') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("name", tracing.STANDARD)
def test_the_standard_variables_are_enough(name):
    settings = Settings(data=Path("unused"))
    assert tracing.wanted(settings, {name: "http://collector:4318"})
    assert not tracing.wanted(settings, {})


def test_where_the_extra_is_missing_it_says_what_to_do(monkeypatch):
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace", None)
    with pytest.raises(Invalid, match=r"Install regulars\[otel\]"):
        tracing.begin(Settings(data=Path("unused"), otel_endpoint="http://127.0.0.1:1"))
