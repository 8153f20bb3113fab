"""Every route of the house, each role, key and token: none answers whom it should not, or across workspaces.

The routes are those of the real application (doors.py), so a new one cannot stay out of this.
"""

import re
from datetime import timedelta

import pytest
from tests.web.console_story import Shop, csrf
from tests.web.doors import LENT, PUBLIC, doors

from regulars.access.invitations import invite, list_invitations
from regulars.access.keys import SCOPES, add_key, create_key, list_keys
from regulars.access.links import Link, Links
from regulars.access.people import add_person
from regulars.access.rights import ROLES, Right
from regulars.access.sessions import begin_session
from regulars.access.team import list_members
from regulars.access.workspaces import RESERVED, create_workspace, delete_workspace, get_workspace
from regulars.store.records import count_events
from regulars.web.api.document import document
from regulars.web.console.desk import SESSION, csrf_token, right_for
from regulars.words.clock import utc_now
from regulars.words.errors import Invalid

PEOPLE = ("Ieva", "王小明", "ieva@post.example", "My mother")
AT_LEAST = {"role": 60, "key": 40, "token": 8, "session": 5}


@pytest.fixture(scope="session")
def every(house):
    return doors(house)


@pytest.fixture
def other(house, workspace):
    """Another workspace of the same house, with a story of its own."""
    name = create_workspace(house.database, f"{workspace}_b", "Another house").name
    yield name
    delete_workspace(house.database, name)


@pytest.fixture
def sit(house, stranger):
    """Let somebody sit down before the browser: with a role in a workspace; return what their pages' forms carry."""

    def down(workspace, role):
        person = add_person(house.database, f"{role}@{workspace}.example", role.title(), workspace, role=role)
        with house.database.shared() as tx:
            cookie = begin_session(tx, person, utc_now())
        stranger.cookies.clear()
        stranger.cookies.set(SESSION, cookie)
        return csrf_token(cookie)

    return down


def ask(client, door, address, token="", **more):
    form = {"csrf": token} if door.changes and token else None
    return client.request(door.method, address, data=form, **more)


def turned_away(answer):
    if answer.status_code == 303:
        return answer.headers["location"] == "/console/login"
    return answer.status_code in {401, 403}


def test_every_route_is_public_and_named_as_such_or_something_opens_it(every):
    unknown = [(door.method, door.path) for door in every if not door.kind]
    assert not unknown, "say in doors.py what opens these, or that they are public, and why"
    gone = PUBLIC.keys() - {(door.method, door.path) for door in every}
    assert not gone, "these are gone: take them off the list"
    for kind, least in AT_LEAST.items():
        assert sum(door.kind == kind for door in every) >= least


def test_what_others_than_owners_may_change_is_written_out(every):
    changing = [one for one in every if one.kind == "role" and one.changes]
    lent = {
        one.path.removeprefix("/console/{workspace:str}"): right_for(one.handler)
        for one in changing
        if right_for(one.handler) != Right.MANAGE
    }
    assert lent == LENT, "who may change this? doors.py says it once more, in one place"


@pytest.mark.parametrize("role", list(ROLES))
def test_each_role_opens_what_its_rights_open_and_nothing_else(every, sit, stranger, workspace, home, role, request):
    shop = Shop(request.getfixturevalue("house"), workspace)
    shop.tell()
    add_person(shop.database, f"keeps@{workspace}.example", "Keeps", workspace)
    token = sit(workspace, role)
    wrong = []
    for door in (one for one in every if one.kind == "role"):
        answer = ask(stranger, door, door.at(workspace=workspace), token)
        if turned_away(answer) == (right_for(door.handler) in ROLES[role]):
            wrong.append(f"{role}: {door.method} {door.path} answers {answer.status_code}")
        if answer.status_code >= 500:
            wrong.append(f"{role}: {door.method} {door.path} breaks: {answer.status_code}")
    assert not wrong, "\n".join(wrong)
    assert stranger.get(home).status_code == 200, "something of this closed the workspace"


@pytest.mark.parametrize("who", ["nobody", "made up", "of another workspace"])
def test_nobody_from_outside_is_let_into_a_workspace(every, sit, stranger, workspace, other, shop, who):
    token = "0" * 40
    if who == "of another workspace":
        token = sit(other, "owner")
    elif who == "made up":
        stranger.cookies.set(SESSION, "made-up")
    wrong = []
    for door in (one for one in every if one.kind == "role"):
        answer = ask(stranger, door, door.at(workspace=workspace), token)
        if not turned_away(answer) or any(words in answer.text for words in PEOPLE):
            wrong.append(f"{door.method} {door.path} answers {answer.status_code}")
    assert not wrong, "\n".join(wrong)


def test_nothing_of_a_person_answers_without_their_session(every, stranger):
    for door in (one for one in every if one.kind == "session"):
        assert ask(stranger, door, door.at(), "0" * 40).headers.get("location") == "/console/login", door.path


def test_nothing_changes_without_the_token_of_a_page_of_this_session(every, sit, stranger, workspace):
    mine = sit(workspace, "owner")
    for door in (one for one in every if one.kind in {"session", "role"} and one.changes):
        for token in ("", "0" * 40, mine[::-1]):
            answer = ask(stranger, door, door.at(workspace=workspace), token)
            assert answer.status_code == 403, f"{door.method} {door.path} with '{token}': {answer.status_code}"
        elsewhere = {"Origin": "https://elsewhere.example"}
        assert ask(stranger, door, door.at(workspace=workspace), mine, headers=elsewhere).status_code == 403


@pytest.mark.parametrize("scope", SCOPES)
def test_each_key_opens_what_its_scope_opens_and_nothing_else(every, stranger, house, workspace, shop, scope):
    header = {"authorization": f"Bearer {create_key(house.database, workspace, scope)}"}
    wrong = []
    for door in (one for one in every if one.kind == "key"):
        answer = stranger.request(door.method, door.at(), headers=header)
        only_admin = door.changes or door.handler.opt.get("only") == "admin"
        may = scope == "admin" or (scope == "read" and not only_admin)
        if (answer.status_code == 403) == may or answer.status_code in {401, 429} or answer.status_code >= 500:
            wrong.append(f"{scope}: {door.method} {door.path} answers {answer.status_code}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("header", [{}, {"authorization": "Bearer made-up"}, {"authorization": "Basic bWFkZS11cDo="}])
def test_nothing_for_machines_answers_without_a_key(every, stranger, header):
    for door in (one for one in every if one.kind == "key"):
        answer = stranger.request(door.method, door.at(), headers=header)
        assert answer.status_code == 401, f"{door.method} {door.path}: {answer.status_code}"


def test_a_session_is_no_key_and_a_key_is_no_session(every, sit, stranger, house, workspace):
    sit(workspace, "owner")
    for door in (one for one in every if one.kind == "key"):
        assert stranger.request(door.method, door.at()).status_code == 401, door.path
    stranger.cookies.clear()
    header = {"authorization": f"Bearer {create_key(house.database, workspace, 'admin')}"}
    for door in (one for one in every if one.kind in {"role", "session"}):
        assert turned_away(ask(stranger, door, door.at(workspace=workspace), headers=header)), door.path


def test_a_key_shows_and_changes_nothing_of_another_workspace(stranger, house, other, shop):
    """Every example of the API, sent with an admin key of a workspace that has nothing of it."""
    header = {"authorization": f"Bearer {create_key(house.database, other, 'admin')}"}
    with shop.tx() as tx:
        before = count_events(tx, kind=None)
    for path, methods in document("http://x.example")["paths"].items():
        for method, told in methods.items():
            places = {one["name"]: one.get("example") for one in told["parameters"] if one["in"] == "path"}
            asked = {
                one["name"]: one["example"] for one in told["parameters"] if one["in"] == "query" and "example" in one
            }
            body = told.get("requestBody", {}).get("content", {}).get("application/json", {}).get("example")
            answer = stranger.request(method, path.format(**places), params=asked, headers=header, json=body)
            said = f"{places} {body}"  # what was sent comes back from some
            assert not any(words in answer.text and words not in said for words in PEOPLE), f"{method} {path}"
            assert answer.status_code < 500, f"{method} {path}: {answer.status_code} {answer.text}"
    with shop.tx() as tx:
        assert count_events(tx, kind=None) == before


def test_what_all_workspaces_share_is_reached_from_its_own_only(sit, stranger, house, workspace, other):
    """People, invitations and keys stand in one table for all: their numbers are another's to guess."""
    with house.database.shared() as tx:
        invite(tx, other, "asked@x.example", "viewer", None, utc_now())
        add_key(tx, other, "read", "")
        theirs = add_person(house.database, f"theirs@{other}.example", "Theirs", other, role="viewer")
    token = sit(workspace, "owner")
    with house.database.shared() as tx:
        (asked,), (key,), team = list_invitations(tx, other), list_keys(tx, other), list_members(tx, other)
    for path in (
        f"people/invitations/{asked.id}/renew",
        f"people/invitations/{asked.id}/cancel",
        f"people/{theirs}/role",
        f"people/{theirs}/remove",
        f"keys/{key.id}/revoke",
    ):
        answer = stranger.post(f"/console/{workspace}/{path}", data={"csrf": token, "role": "owner"})
        assert answer.status_code in {404, 409}, path
    admin = {"authorization": f"Bearer {create_key(house.database, workspace, 'admin')}"}
    for path in (f"people/theirs@{other}.example", "invitations/asked@x.example", f"keys/{key.id}"):
        assert stranger.delete(f"/api/{path}", headers=admin).status_code == 404, path
    with house.database.shared() as tx:
        assert list_invitations(tx, other) == [asked]
        assert list_keys(tx, other) == [key]
        assert list_members(tx, other) == team


@pytest.mark.parametrize("kind", ["track", "identify", "page", "batch"])
def test_events_are_taken_by_keys_that_write_into_their_own_workspace_only(stranger, house, workspace, other, kind):
    one = {"type": "track", "event": "Hello", "anonymousId": "a-1", "name": "Home"}
    body = {"batch": [one]} if kind == "batch" else one
    expected = {"browser": 200, "write": 200, "admin": 200, "read": 403}
    for scope, status in expected.items():
        key = create_key(house.database, other, scope)
        assert stranger.post(f"/v1/{kind}", json=body, auth=(key, "")).status_code == status, scope
        assert stranger.post(f"/v1/{kind}", json=body | {"writeKey": key}).status_code == status, scope
    assert stranger.post(f"/v1/{kind}", json=body).status_code == 401
    assert stranger.post(f"/v1/{kind}", json=body, auth=("made-up", "")).status_code == 401
    for method in ("GET", "PUT", "DELETE"):
        assert stranger.request(method, f"/v1/{kind}").status_code >= 400
    with house.database.workspace(workspace) as tx:
        assert count_events(tx, kind=None) == 0


@pytest.fixture
def tokens(house, shop, other, monkeypatch):
    """Tokens that must open nothing of the shop: forged, changed, too old, of another house, of another workspace."""
    theirs = Links(b"another secret, also of 32 bytes")
    with shop.tx() as tx:
        identity = tx.value(b"select min(id) from hear_identity")
    link = Link(shop.workspace, identity, 1, "gift-quiz")
    whole = house.links.sign(link)
    bad = {
        "x",
        "a.b.c",
        whole[:-9] + ("A" if whole[-9] != "A" else "B") + whole[-8:],
        "A" + whole[1:],
        whole.rpartition(".")[0],
    }
    bad |= {
        theirs.sign(link),
        theirs.sign_own(link),
        theirs.seal("look", get_workspace(house.database, shop.workspace)),
    }
    bad |= {house.links.seal("something else", link)}
    elsewhere = Link(other, identity, 1, "gift-quiz")
    bad |= {house.links.sign(elsewhere), house.links.sign_own(elsewhere)}
    then = utc_now() - timedelta(days=400)
    with monkeypatch.context() as past:
        past.setattr("itsdangerous.timed.TimestampSigner.get_timestamp", lambda _: int(then.timestamp()))
        bad |= {house.links.sign(link), house.links.sign_own(link)}
        bad |= {house.links.seal("look", get_workspace(house.database, shop.workspace))}
    return sorted(bad)


def test_no_token_opens_a_page_that_it_is_not_for(every, stranger, tokens, shop):
    with shop.tx() as tx:
        before = count_events(tx, kind=None)
    wrong = []
    for door in (one for one in every if one.kind == "token"):
        for token in tokens:
            answer = ask(stranger, door, door.at(token=token))
            shows = any(words in answer.text for words in PEOPLE)
            if shows or SESSION in answer.cookies or answer.status_code >= 500:
                wrong.append(f"{door.method} {door.path} shows {answer.status_code} for {token[:60]}")
    assert not wrong, "\n".join(wrong)
    with shop.tx() as tx:
        assert count_events(tx, kind=None) == before


def test_what_is_public_tells_nothing_of_anybody(every, stranger, shop):
    for door in (one for one in every if one.kind == "public"):
        places = {"form": "gift-quiz", "workspace": shop.workspace, "file_path": "console.css", "step": 1}
        answer = ask(stranger, door, door.at(**places))
        assert answer.status_code < 500, f"{door.method} {door.path}: {answer.status_code}"
        assert door.path == "/api/openapi.json" or not any(words in answer.text for words in PEOPLE[:3]), door.path
        assert SESSION not in answer.cookies, door.path


def test_asking_what_a_route_takes_tells_its_methods_and_no_more(every, stranger, workspace):
    for path in {door.path: door for door in every}.values():
        answer = stranger.options(path.at(workspace=workspace))
        assert answer.text == "" or answer.status_code >= 400, path.path


def test_no_workspace_is_called_like_a_page_of_the_console(every, house):
    taken = {found[1] for one in every if (found := re.match(r"/console/(\w+)", one.path))}
    assert {"login", "logout", "account", "invitation"} <= taken <= RESERVED
    for name in taken:
        with pytest.raises(Invalid, match="page of the console"):
            create_workspace(house.database, name, "Shadow")


def test_a_form_of_the_console_carries_the_token_that_is_asked_for(sit, stranger, home, workspace):
    assert sit(workspace, "owner") == csrf(stranger.get(f"{home}/people").text)
