"""Your account: what you are called, and where you are logged in."""

import re
from datetime import timedelta
from html import unescape

import pytest
from litestar.testing import TestClient
from tests.web.console_story import csrf

from regulars.access.people import add_person, make_login_link, open_session
from regulars.access.sessions import begin_session
from regulars.web.app import create_app
from regulars.web.console.desk import SESSION
from regulars.words.clock import utc_now

ACCOUNT = "/console/account"
ANDROID = (
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile "
    "Safari/537.36"
)


@pytest.fixture
def phone(house, workspace, client):
    """Another browser of the same person."""
    token = make_login_link(house.database, f"owner@{workspace}.example", utc_now())
    with TestClient(create_app(house), base_url="http://testserver.local") as browser:
        browser.headers["User-Agent"] = ANDROID
        browser.follow_redirects = False
        assert browser.post(f"/console/login/{token}").status_code == 303
        yield browser


def send(browser, path, **fields):
    token = csrf(browser.get(ACCOUNT).text)
    return browser.post(f"{ACCOUNT}{path}", data={"csrf": token, **fields})


def test_nobody_but_who_is_logged_in_has_an_account(stranger):
    answer = stranger.get(ACCOUNT)
    assert (answer.status_code, answer.headers["location"]) == (303, "/console/login")


def test_somebody_sees_where_they_are_logged_in_in_words(client, phone):
    page = client.get(ACCOUNT).text
    assert "Chrome on Android" in page
    assert page.count("This device") == 1


def test_many_sessions_are_read_on(client, house, workspace):
    with house.database.shared() as tx:
        (who,) = tx.values(
            "select id from regulars.access_person where email = %(email)s", email=f"owner@{workspace}.example"
        )
        for _ in range(60):
            begin_session(tx, who, utc_now(), ANDROID)
    first = client.get(ACCOUNT).text
    assert (first.count("This device"), first.count("Chrome on Android")) == (1, 49)
    (later,) = re.findall(r'rel="next" href="([^"]+)"', first)
    second = client.get(unescape(later)).text
    assert (second.count("This device"), second.count("Chrome on Android")) == (0, 11)
    assert "End all others" in first
    assert "End all others" in second


def test_the_others_can_be_ended_and_this_one_stays(client, phone, home):
    assert phone.get(home).status_code == 200
    assert send(client, "/sessions/end-others").status_code == 303
    assert phone.get(home).headers["location"] == "/console/login"
    assert client.get(home).status_code == 200


def test_nobody_ends_a_session_of_somebody_else(client, house, workspace):
    add_person(house.database, "other@x.example", "Other", workspace)
    cookie = open_session(house.database, make_login_link(house.database, "other@x.example", utc_now()), utc_now())
    with house.database.direct() as connection:
        (theirs,) = connection.execute("select max(id) from regulars.access_session").fetchone()
    assert send(client, f"/sessions/{theirs}/end").status_code == 404
    client.cookies.set(SESSION, cookie)
    assert client.get(ACCOUNT).status_code == 200


def test_somebody_changes_what_they_are_called(client):
    assert send(client, "/name", name="  Harriet   of the  House ").status_code == 303
    assert 'value="Harriet of the House"' in client.get(ACCOUNT).text


@pytest.mark.parametrize("name", ["", "   ", "x" * 81, "a\x07b", "right\u202eleft"])
def test_what_is_no_name_is_said_beside_the_field_and_stays(client, name):
    page = send(client, "/name", name=name)
    assert page.status_code == 400
    assert 'aria-invalid="true"' in page.text


def test_nothing_of_an_account_changes_without_the_token_of_our_page(client):
    assert client.post(f"{ACCOUNT}/name", data={"name": "X"}).status_code == 403
    assert client.post(f"{ACCOUNT}/sessions/end-others").status_code == 403


def test_a_session_that_is_over_is_nobodys(stranger, house, workspace):
    add_person(house.database, "gone@x.example", "Gone", workspace)
    long_ago = utc_now() - timedelta(days=20)
    token = make_login_link(house.database, "gone@x.example", long_ago)
    stranger.cookies.set(SESSION, open_session(house.database, token, long_ago))
    assert stranger.get(ACCOUNT).status_code == 303
