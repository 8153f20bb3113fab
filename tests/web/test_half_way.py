"""A session that ends half-way, a role taken away, somebody thrown out: nothing lost, nothing shown to others."""

import re
from html import unescape

import pytest
from litestar.testing import TestClient
from tests.web.console_story import HTML, SUBJECT, TEXT, csrf
from tests.web.every_page import Story
from tests.web.forms_of import forms_of

from regulars.access import team
from regulars.access.people import add_person, end_sessions, find_person, make_login_link
from regulars.speak import library
from regulars.web.app import create_app
from regulars.words.clock import utc_now

TYPED = 'Dear "friend" <script>alert(1)</script> & שלום\n'


def hidden(page):
    """The fields that a page carries."""
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.text)
    return {unescape(name): unescape(value) for name, value in found}


def enter(house, browser, email):
    browser.post(f"/console/login/{make_login_link(house.database, email, utc_now())}")


@pytest.fixture
def typing(client, shop, home):
    """Somebody who has typed into a template: what they would send."""
    page = client.get(f"{home}/templates/remember")
    fields = hidden(page)
    return {**fields, "name": "remember", "subject": SUBJECT, "html": HTML, "text": TEXT + TYPED, "do": "save"}


def saved(shop):
    with shop.tx() as tx:
        return library.get_template(tx, "remember")


def test_what_was_typed_outlives_the_session(house, workspace, client, shop, home, typing):
    before = saved(shop)
    end_sessions(house.database)
    page = client.post(f"{home}/templates/remember", data=typing)
    assert page.status_code == 401
    assert "Nothing is lost" in page.text
    assert "<script>alert" not in page.text
    assert saved(shop) == before
    carried = hidden(page)
    assert carried["text"] == typing["text"]

    enter(house, client, f"owner@{workspace}.example")
    again = client.post(f"{home}/templates/remember", data=carried)
    assert again.status_code == 409
    assert "Welcome back" in again.text
    assert saved(shop) == before, "it is sent by a press of a button, and by nothing else"
    assert client.post(f"{home}/templates/remember", data=hidden(again)).status_code == 303
    assert saved(shop).text == TEXT + TYPED


def test_nobody_else_who_logs_in_there_gets_it(house, workspace, client, shop, home, typing):
    before = saved(shop)
    end_sessions(house.database)
    carried = hidden(client.post(f"{home}/templates/remember", data=typing))
    add_person(house.database, f"ann@{workspace}.example", "Ann", workspace)
    enter(house, client, f"ann@{workspace}.example")
    page = client.post(f"{home}/templates/remember", data=carried)
    assert page.status_code == 403
    assert "friend" not in page.text
    assert saved(shop) == before


def test_another_sites_page_carries_nothing(house, client, shop, home, typing):
    elsewhere = {"sec-fetch-site": "cross-site", "origin": "https://evil.example"}
    assert client.post(f"{home}/templates/remember", data=typing | {"csrf": "x"}, headers=elsewhere).status_code == 403
    end_sessions(house.database)
    page = client.post(f"{home}/templates/remember", data=typing, headers=elsewhere)
    assert (page.status_code, page.headers["location"]) == (303, "/console/login")


def test_a_button_alone_carries_nothing_and_passwords_neither(house, client, shop, home):
    token = csrf(client.get(f"{home}/campaigns/spring").text)
    end_sessions(house.database)
    assert client.post(f"{home}/campaigns/spring/stop", data={"csrf": token, "who": "1"}).status_code == 303
    page = client.post("/console/account/password", data={"csrf": token, "password": "lanterns in the snow"})
    assert page.status_code == 303


def test_a_file_is_not_carried_for_what_is_typed_beside_it_would_be_sent_without_it(house, client, home):
    fields = hidden(client.get(f"{home}/new/list")) | {"title": "Tasters"}
    end_sessions(house.database)
    page = client.post(f"{home}/new/list", data=fields, files={"file": ("some.csv", b"email\n")})
    assert (page.status_code, page.headers["location"]) == (303, "/console/login")


def test_what_a_script_keeps_is_told_that_nobody_is_logged_in(house, client, shop, home, typing):
    end_sessions(house.database)
    page = client.post(f"{home}/drafts", data=typing, headers={"hx-request": "true"})
    assert (page.status_code, page.headers["location"]) == (303, "/console/login")


def test_a_role_that_is_taken_away_holds_at_once_and_the_draft_stays_its_writers(
    house, workspace, client, stranger, shop, home, typing
):
    owner, email = f"owner@{workspace}.example", f"second@{workspace}.example"
    add_person(house.database, email, "Second", workspace)
    client.post(f"{home}/drafts", data=typing)
    with house.database.shared() as tx:
        team.change_role(tx, workspace, find_person(house.database, owner), "viewer")
    page = client.post(f"{home}/templates/remember", data=typing)
    assert page.status_code == 403
    assert "Ask its owner for another role" in page.text
    enter(house, stranger, email)
    assert "Dear &#34;friend&#34;" not in stranger.get(f"{home}/templates/remember").text
    with house.database.shared() as tx:
        team.change_role(tx, workspace, find_person(house.database, owner), "marketer")
    enter(house, client, owner)
    assert "Dear &#34;friend&#34;" in client.get(f"{home}/templates/remember").text


def test_who_was_thrown_out_keeps_no_page_and_can_send_nothing(house, workspace, client, shop, home, typing):
    add_person(house.database, f"second@{workspace}.example", "Second", workspace)
    with house.database.shared() as tx:
        team.remove_member(tx, workspace, find_person(house.database, f"owner@{workspace}.example"))
    before = saved(shop)
    page = client.post(f"{home}/templates/remember", data=typing)
    assert page.status_code == 403
    assert client.get(f"{home}/customers").status_code == 403
    assert client.get(f"{home}/live/talk").status_code == 403
    assert saved(shop) == before


def browser(house):
    made = TestClient(create_app(house), base_url="http://testserver.local")
    made.follow_redirects = False
    return made


def written(client, shop):
    """Every form behind the log-in with a field for text, once: where it is sent, itself, and what is typed."""
    found = {}
    for door, address in Story(shop).pages():
        for form in forms_of(client.get(address).text) if door.kind in {"role", "session"} else ():
            texts = form.written - {"password"}
            if form.method == "post" and texts:
                typed = {name: f"{number} {TYPED.strip()}" for number, name in enumerate(sorted(texts))}
                action = form.action or address.partition("?")[0]
                found.setdefault((re.sub(r"/\d+", "/1", action), *sorted(texts)), (action, form, typed))
    assert len(found) > 20
    return found.values()


def test_what_was_typed_on_any_page_is_there_again_after_the_log_in(house, workspace, client, shop):
    forms = list(written(client, shop))
    with browser(house) as nobody, browser(house) as back:
        enter(house, back, f"owner@{workspace}.example")
        for action, form, typed in forms:
            no_file = {"files": {"file": ("", b"")}} if form.files else {}
            ended = nobody.post(action, data=form.sent | typed, **no_file)
            assert (ended.status_code, action) == (401, action)
            assert typed.items() <= hidden(ended).items(), action
            again = back.post(action, data=hidden(ended))
            assert (again.status_code, "Welcome back" in again.text, action) == (409, True, action)
            assert typed.items() <= hidden(again).items(), action
            taken = back.post(action, data=hidden(again))
            assert taken.status_code not in {401, 403}, action
            assert "Welcome back" not in taken.text, action
