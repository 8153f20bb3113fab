import asyncio
import re
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from litestar import get
from litestar.testing import TestClient
from tests.web.console_story import csrf

from regulars.web import errors as answering
from regulars.web.app import create_app
from regulars.web.statuses import status_of
from regulars.words import errors


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (errors.Invalid, 400),
        (errors.Unknown, 404),
        (errors.NoKey, 401),
        (errors.Refused, 403),
        (errors.LinkDead, 403),
        (errors.Conflict, 409),
        (errors.TooLarge, 413),
        (errors.Busy, 429),
        (errors.Unavailable, 503),
    ],
)
def test_every_error_has_its_status(kind, status):
    assert status_of(kind("x")) == status


def test_a_page_that_is_not_there_is_said_calmly(stranger):
    page = stranger.get("/nothing/here")
    assert page.status_code == 404
    assert "text/html" in page.headers["content-type"]
    assert "There is nothing at this address" in page.text


def test_a_machine_gets_a_problem(stranger):
    answer = stranger.get("/api/nothing")
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert answer.json()["title"] == "Not Found"


def test_a_value_that_cannot_be_read_is_no_fault_of_ours(client, home):
    page = client.get(f"{home}/segments?deleted=soon")
    assert page.status_code == 400
    assert "cannot be read" in page.text


@pytest.mark.parametrize(
    "path",
    [
        "customers?q=%00", f"customers/{10**30}", f"messages/{10**30}",
        "mailbox?to=%00", "forms/%00", "templates/%00", "segments/%00", "campaigns/%00",
    ],
)  # fmt: skip
def test_a_value_that_no_column_takes_is_no_fault_of_ours_either(client, home, path):
    page = client.get(f"{home}/{path}")
    assert page.status_code == 400
    assert "cannot be read" in page.text


@pytest.mark.parametrize("path", ["/f/%00", "/confirm/%00.x", "/f/gift%00?m=x"])
def test_a_stranger_finds_no_way_into_our_log_of_errors(stranger, path):
    assert stranger.get(path).status_code in {400, 403}


def test_a_token_of_strange_letters_is_refused_like_any_other(client, home):
    assert client.post(f"{home}/new/form", data={"csrf": "né"}).status_code == 403


@pytest.mark.parametrize(
    ("page", "field", "said"),
    [("form", "survey", "This is not JSON"), ("segment", "rule", "nested more than 100 deep")],
)
def test_what_is_nested_without_end_is_said_beside_its_field(client, home, page, field, said):
    fields = {"csrf": csrf(client.get(f"{home}/new/{page}").text), "name": "deep", "title": "Deep", field: "[" * 90_000}
    answer = client.post(f"{home}/new/{page}", data=fields)
    assert answer.status_code == 400
    assert said in answer.text


def test_whoever_hangs_up_in_the_middle_leaves_no_error_in_the_log(house, monkeypatch):
    logged = []
    monkeypatch.setattr(answering, "log", SimpleNamespace(error=lambda *said, **more: logged.append((said, more))))
    messages = iter([{"type": "http.request", "body": b"answer=", "more_body": True}, {"type": "http.disconnect"}])

    async def receive():
        return next(messages)

    async def send(_message):
        pass

    headers = [(b"content-type", b"application/x-www-form-urlencoded"), (b"content-length", b"99")]
    scope = {
        "type": "http", "method": "POST", "path": "/f/quiz/1", "raw_path": b"/f/quiz/1", "query_string": b"",
        "headers": headers, "scheme": "http", "server": ("x", 80), "client": ("x", 1), "http_version": "1.1",
        "root_path": "", "extensions": {}, "asgi": {"version": "3.0"},
    }  # fmt: skip
    with ThreadPoolExecutor(1) as elsewhere:  # where no browser's loop runs
        elsewhere.submit(asyncio.run, create_app(house)(scope, receive, send)).result()
    assert logged == []
    assert next(messages, None) is None


def test_an_unknown_customer_is_said_calmly(client, home):
    page = client.get(f"{home}/customers/987654321")
    assert page.status_code == 404
    assert "There is no customer 987654321" in page.text


def test_what_nobody_foresaw_shows_a_number_and_no_internals(house, monkeypatch):
    from regulars.web import app

    @get("/broken", sync_to_thread=False)
    def broken() -> None:
        raise RuntimeError("secret internals")

    monkeypatch.setattr(app, "CONSOLE", [broken])
    with TestClient(app.create_app(house), raise_server_exceptions=False) as browser:
        page = browser.get("/broken")
    assert page.status_code == 500
    assert "secret" not in page.text
    assert re.search(r"\b[0-9a-f]{12}\b", page.text)


def test_pages_carry_the_safe_headers(client, home):
    page = client.get(home)
    policy = page.headers["content-security-policy"]
    for part in ("default-src 'self'", "frame-ancestors 'none'", "form-action 'self'", "base-uri 'none'"):
        assert part in policy
    assert page.headers["x-content-type-options"] == "nosniff"
    assert page.headers["referrer-policy"] == "same-origin"
    assert page.headers["cache-control"] == "no-store"


def test_the_error_pages_carry_them_too(stranger):
    assert "default-src 'self'" in stranger.get("/nothing").headers["content-security-policy"]


def test_style_sheets_may_be_kept(stranger):
    from regulars.web.assets import asset

    sheet = stranger.get(asset("console.css"))
    assert sheet.status_code == 200
    assert "max-age=31536000" in sheet.headers["cache-control"]


def test_the_bare_address_leads_to_the_console(stranger):
    assert stranger.get("/").headers["location"] == "/console"


def test_the_process_lives_and_the_database_answers(stranger):
    assert stranger.get("/healthz").text == "ok\n"
    assert stranger.get("/readyz").text == "ok\n"


def test_without_the_database_it_is_not_ready(house):
    from dataclasses import replace

    from regulars.store.database import Database
    from regulars.web.app import create_app

    gone = Database("postgresql://127.0.0.1:1/none?connect_timeout=1")
    gone._pool.timeout = 0.2
    try:
        with TestClient(create_app(replace(house, database=gone))) as browser:
            answer = browser.get("/readyz")
            assert answer.status_code == 503
            assert answer.headers["retry-after"]
            assert browser.get("/healthz").status_code == 200
    finally:
        gone.close()
