"""One line a request, with its number and nothing of the customer it is about."""

import asyncio
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest

from regulars.web.counting import area_of


@pytest.fixture
def lines(monkeypatch):
    """What was said of requests while the test ran."""
    from regulars.web import watching

    said = []

    class Listener:
        def info(self, event, **values):
            said.append({"event": event, **values})

    monkeypatch.setattr(watching, "log", Listener())
    return said


def test_a_request_of_the_api_has_a_line_without_personal_data(stranger, lines, workspace):
    answer = stranger.get("/api/customers/email:ieva@post.example?q=ieva")
    (line,) = lines
    assert line.pop("ms") >= 0
    assert line == {
        "event": "request",
        "request_id": answer.headers["x-request-id"],
        "method": "GET",
        "route": "/api/customers/{ref}",
        "status": 401,
        "workspace": "",
    }


def test_a_request_of_the_console_names_its_workspace(client, lines, home, workspace):
    client.get(f"{home}/customers?q=ieva@post.example")
    assert lines[-1]["workspace"] == workspace
    assert "ieva" not in str(lines)


def test_a_stream_counts_by_when_it_began_and_not_by_how_long_somebody_stays(lines, monkeypatch):
    from regulars.web import watching

    clock = [0.0]
    monkeypatch.setattr(watching, "perf_counter", lambda: clock[0])
    counted = []

    async def stream(scope, receive, send):
        clock[0] = 0.25
        headers = [(b"content-type", b"text/event-stream; charset=utf-8")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        clock[0] = 3600.0

    async def sent(message):
        pass

    scope = {"type": "http", "path": "/console/x/live/talk", "method": "GET", "headers": []}
    told = SimpleNamespace(count=lambda *said: counted.append(said[-1]))
    with ThreadPoolExecutor(1) as thread:  # the browser's loop runs in the main one
        thread.submit(asyncio.run, watching.watched(stream, told)(scope, None, sent)).result()
    assert counted == [0.25]
    assert [line["ms"] for line in lines if line["route"] == "unknown"] == [250]


def test_pages_of_customers_and_events_are_not_spoken_of(stranger, lines):
    assert stranger.get("/f/nobody").headers["x-request-id"]
    stranger.post("/v1/track", json={})
    stranger.get("/healthz")
    assert lines == []


def test_every_answer_has_a_number_of_its_own(stranger):
    numbers = {stranger.get("/healthz").headers["x-request-id"] for _ in range(3)}
    assert len(numbers) == 3


def test_an_error_of_ours_is_found_by_the_number_of_its_answer(stranger, house, monkeypatch):
    def broken(_key):
        raise RuntimeError

    monkeypatch.setattr(house.keys, "check", broken)
    answer = stranger.get("/api/events", headers={"authorization": "Bearer never-seen-before"})
    assert answer.status_code == 500
    assert answer.json()["request_id"] == answer.headers["x-request-id"]


@pytest.mark.parametrize(
    ("path", "area"),
    [("/v1/track", "events"), ("/api/x", "api"), ("/console", "console"), ("/readyz", "health"), ("/f/x", "pages")],
)
def test_paths_are_counted_by_whom_they_serve(path, area):
    assert area_of(path) == area


def test_the_log_can_be_lines_of_json():
    code = (
        "import structlog; from regulars import wiring; wiring._speak('json');\n"
        "try: 1 / 0\n"
        "except ZeroDivisionError as error: structlog.get_logger().error('x', exc_info=error)"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    (line,) = said.splitlines()
    assert json.loads(line)["event"] == "x"
    assert "ZeroDivisionError" in json.loads(line)["exception"]
