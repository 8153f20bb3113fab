"""Making workspaces, going between them, taking all of one along, deleting one and taking it back."""

import re
import zipfile
from io import BytesIO
from threading import Event

import pytest
from litestar.testing import TestClient
from tests.web.console_story import csrf

from regulars.access import export_records as exports
from regulars.access.keys import create_key
from regulars.access.people import add_person, make_login_link
from regulars.access.workspaces import close_workspace, create_workspace, delete_workspace, find_workspace
from regulars.loop.export_rounds import write_next
from regulars.web.app import create_app
from regulars.words.clock import utc_now

LOBBY = "/console/workspaces"


@pytest.fixture
def send(client):
    """Send a form with the token of a page of ours."""

    def post(path, page=LOBBY, **fields):
        return client.post(path, data={"csrf": csrf(client.get(f"{page}/new").text), **fields})

    return post


@pytest.fixture
def made(house):
    """Names of workspaces that a test makes, deleted afterwards."""
    names = []
    yield names
    for name in names:
        if find_workspace(house.database, name):
            delete_workspace(house.database, name)


@pytest.fixture
def other(house, workspace, made):
    """Another workspace, with a team of its own."""
    name = f"o_{workspace}"
    create_workspace(house.database, name, "Cake Corner")
    add_person(house.database, f"owner@{name}.example", "Carl", name)
    made.append(name)
    return name


def as_person(house, email):
    """A browser in which somebody is logged in."""
    browser = TestClient(create_app(house), base_url="http://testserver.local", raise_server_exceptions=False)
    browser.follow_redirects = False
    assert browser.post(f"/console/login/{make_login_link(house.database, email, utc_now())}").status_code == 303
    return browser


def test_an_owner_makes_a_workspace_and_is_told_what_to_do_next(client, send, house, workspace, made):
    made.append(f"cafe_{workspace}")
    answer = send(f"{LOBBY}/new", title=f"Café {workspace}!", language="lv", zone="Europe/Riga")
    assert answer.headers["location"] == f"/console/cafe_{workspace}"
    page = client.get(answer.headers["location"]).text
    for words in ("Make the first form", "Make a key", "Bring a file", "Give it your look", "Bring your team"):
        assert words in page
    known = find_workspace(house.database, f"cafe_{workspace}")
    assert (known.languages[0], known.zone) == ("lv", "Europe/Riga")


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"title": ""}, "title"), ({"title": "禮物屋"}, "name"), ({"name": "A B"}, "name"), ({"name": "login"}, "name"),
        ({"zone": "Riga"}, "zone"), ({"language": "xx"}, "language"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_it_stands_beside_its_field(send, fields, field):
    page = send(f"{LOBBY}/new", **{"title": "New", "language": "en", "zone": "UTC", **fields})
    assert page.status_code == 400
    assert f'id="{field}-wrong"' in page.text


def test_a_name_that_is_taken_is_said(send, workspace):
    page = send(f"{LOBBY}/new", title="Again", name=workspace, language="en", zone="UTC")
    assert page.status_code == 409 or "already" in page.text


def test_who_owns_nothing_makes_nothing(house, workspace):
    email = f"v@{workspace}.example"
    add_person(house.database, email, "Vera", workspace, role="viewer")
    browser = as_person(house, email)
    assert "Make a workspace" not in browser.get(LOBBY).text
    assert browser.get(f"{LOBBY}/new").status_code == 403


def test_one_goes_from_one_to_another_and_sees_ones_roles(house, client, home, workspace, other):
    assert client.get("/console").headers["location"] == f"/console/{workspace}"
    add_person(house.database, f"owner@{workspace}.example", "", other, role="analyst")
    assert client.get("/console").headers["location"] == LOBBY
    for path in (LOBBY, home):
        page = client.get(path).text
        assert f'href="/console/{other}"' in page
        assert "Cake Corner" in page
        assert "Analyst" in page
    assert "Cake Corner" in client.get(f"/console/{other}").text


def test_a_workspace_of_others_is_neither_shown_nor_opened(client, home, other):
    assert "Cake Corner" not in client.get(LOBBY).text + client.get(home).text
    assert client.get(f"/console/{other}").status_code == 403


def test_a_workspace_is_deleted_by_typing_its_name_and_taken_back(client, home, house, workspace, shop):
    token = csrf(client.get(f"{home}/workspace/delete").text)
    assert client.post(f"{home}/workspace/delete", data={"csrf": token, "name": "x"}).status_code == 400
    key = create_key(house.database, workspace, "read")
    gone = client.post(f"{home}/workspace/delete", data={"csrf": token, "name": workspace})
    assert gone.headers["location"] == LOBBY
    assert client.get(home).status_code == 403
    assert client.get("/f/gift-quiz").status_code == 404
    assert client.get("/api/customers", headers={"authorization": f"Bearer {key}"}).status_code == 401
    page = client.get(client.get("/console").headers["location"]).text
    assert "Bring back" in page
    back = client.post(f"{LOBBY}/{workspace}/back", data={"csrf": csrf(page)})
    assert back.headers["location"] == home
    assert client.get(home).status_code == 200
    assert client.get("/f/gift-quiz").status_code == 200


def test_links_into_a_deleted_workspace_are_dead(client, home, house, workspace, shop):
    mail = client.get(f"{home}/mailbox/1").text
    leave = re.search(r"http://testserver.local(/u/[^\s<\"]+)", mail)[1]
    assert client.get(leave).status_code == 200
    with house.database.shared() as tx:
        close_workspace(tx, workspace, "sam@x.example", utc_now())
    for path in (leave, leave.replace("/u/", "/why/"), leave.replace("/u/", "/me/"), f"/confirm/{workspace}.secret"):
        page = client.get(path)
        assert page.status_code == 403
        assert "The Gift House" not in page.text


def test_nobody_but_an_owner_of_it_takes_it_back(send, house, workspace, other):
    with house.database.shared() as tx:
        close_workspace(tx, other, "carl", utc_now())
    assert send(f"{LOBBY}/{other}/back").status_code == 404
    add_person(house.database, f"owner@{workspace}.example", "", other, role="marketer")
    assert send(f"{LOBBY}/{other}/back").status_code == 403


def test_everything_is_asked_for_watched_and_taken(client, home, house, workspace, shop):
    page = client.get(f"{home}/workspace/exports").text
    assert "Nothing has been taken along yet" in page
    token = csrf(page)
    assert client.post(f"{home}/workspace/exports", data={"csrf": token}).status_code == 303
    assert "waiting for a work process" in client.get(f"{home}/workspace/exports").text
    assert client.post(f"{home}/workspace/exports", data={"csrf": token}).status_code == 409
    assert client.get(f"{home}/workspace/exports/1/file").status_code == 409
    while write_next(house.database, house.exports, utc_now, Event()):
        pass
    written = client.get(f"{home}/workspace/exports").text
    assert "/workspace/exports/1/file" in written
    assert "0.1 MB" in written, "the smallest file is not said to be none"
    file = client.get(f"{home}/workspace/exports/1/file")
    assert file.headers["content-disposition"].startswith("attachment")
    assert file.headers["cache-control"] == "no-store"
    assert "customers.jsonl" in zipfile.ZipFile(BytesIO(file.content)).namelist()
    (house.exports / f"{workspace}-1.zip").unlink()
    assert "not on this machine" in client.get(f"{home}/workspace/exports/1/file").text


def test_an_export_of_others_is_not_taken(client, home, house, other):
    with house.database.shared() as tx:
        asked = exports.ask(tx, other, "carl", utc_now())
    while write_next(house.database, house.exports, utc_now, Event()):
        pass
    assert client.get(f"/console/{other}/workspace/exports/{asked.number}/file").status_code == 403
    assert client.get(f"{home}/workspace/exports/{asked.number}/file").status_code == 404


def test_workspaces_are_found_by_their_title(client, workspace, house, other):
    add_person(house.database, f"owner@{workspace}.example", "Harriet", other, role="viewer")
    both = client.get(LOBBY).text
    assert "Cake Corner" in both
    assert "The Gift House" in both
    found = client.get(f"{LOBBY}?q=CAKE").text
    assert "Cake Corner" in found
    assert "The Gift House" not in found
    assert "The Gift House" not in client.get(f"{LOBBY}?role=viewer").text
    assert "No workspace matches this" in client.get(f"{LOBBY}?q=cake&role=owner").text


def test_exports_are_found_by_their_state_and_by_who_asked(client, workspace, house):
    now = utc_now()
    with house.database.shared() as tx:
        for who in ("ana@gifts.example", "ben@gifts.example"):
            export = exports.ask(tx, workspace, who, now)
            if who.startswith("ana"):
                exports.claim(tx, "w", now)
                exports.end(tx, export, "w", "failed", 0, now)
    path = f"/console/{workspace}/workspace/exports"
    waiting = client.get(f"{path}?only=waiting").text
    assert "asked for by ben@gifts.example" in waiting
    assert "asked for by ana@gifts.example" not in waiting
    assert "asked for by ben@gifts.example" not in client.get(f"{path}?q=ana").text
    assert "No export matches this" in client.get(f"{path}?q=ana&only=waiting").text
