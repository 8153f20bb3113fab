"""Who came in by which way, who left, and who was not let in: noted, and nobody fills the log with it."""

import pytest
from tests.web.noted import noted_in

from regulars.access import passwords
from regulars.access.keys import create_key
from regulars.access.people import add_person, find_person, make_login_link
from regulars.web.console import entering
from regulars.web.console.desk import SESSION, csrf_token
from regulars.words.clock import utc_now

PASSWORD = "lanterns in the snow"


@pytest.fixture
def noted(house, workspace, monkeypatch):
    """The workspace's entries; what is noted after an answer is noted before it here."""
    monkeypatch.setattr(entering, "later", lambda write: write())
    return lambda **wanted: noted_in(house, workspace, **wanted)


@pytest.fixture
def ann(house, workspace):
    """Somebody of the team, with a password."""
    email = f"ann@{workspace}.example"
    add_person(house.database, email, "Ann", workspace)
    with house.database.shared() as tx:
        passwords.set_password(tx, find_person(house.database, email), PASSWORD, utc_now())
    return email


def test_it_is_noted_by_which_way_somebody_came_in_and_that_they_left(house, stranger, ann, noted):
    stranger.post(f"/console/login/{make_login_link(house.database, ann, utc_now())}")
    stranger.post("/console/logout")
    stranger.post("/console/logout")
    stranger.post("/console/login", data={"email": ann, "password": PASSWORD})
    found = [(one.action, one.who, (one.after or {}).get("by")) for one in noted()]
    assert found == [("login", ann, "link"), ("logout", ann, None), ("login", ann, "password")]


def test_a_wrong_password_is_noted_and_what_is_refused_unseen_once_an_hour(stranger, ann, noted):
    for _ in range(9):
        stranger.post("/console/login", data={"email": f" {ann.upper()}", "password": "wrong"})
    failed, held = noted(action="login.failed"), noted(action="login.held")
    assert {(one.kind, one.name, one.who_kind) for one in failed + held} == {("person", ann, "house")}
    assert (len(failed), len(held)) == (5, 1)


def test_an_e_mail_of_nobody_is_noted_nowhere(stranger, ann, noted):
    before = len(noted())
    for email in ("nobody@x.example", "", "\0", "ع" * 10_000, "a" * 10_000):
        assert stranger.post("/console/login", data={"email": email, "password": "wrong"}).status_code < 500
    assert len(noted()) == before


def test_what_a_role_does_not_allow_is_noted_once_an_hour(house, workspace, stranger, shop, home, noted):
    email = f"vic@{workspace}.example"
    add_person(house.database, email, "Vic", workspace, role="viewer")
    stranger.post(f"/console/login/{make_login_link(house.database, email, utc_now())}")
    token = csrf_token(stranger.cookies[SESSION])
    for _ in range(3):
        assert stranger.post(f"{home}/campaigns/spring/stop", data={"csrf": token}).status_code == 403
        assert stranger.get(f"{home}/audit").status_code == 403
    assert [(one.who, one.kind, one.name) for one in noted(action="refused")] == [
        (email, "route", "POST /campaigns/{name:str}/stop"),
        (email, "route", "GET /audit"),
    ]


def test_what_a_key_may_not_do_is_noted_and_its_owner_reads_it(house, workspace, client, shop, home, noted):
    key = {"authorization": f"Bearer {create_key(house.database, workspace, 'read')}"}
    for _ in range(2):
        assert client.post("/api/campaigns/spring/stop", headers=key).status_code == 403
        assert client.get("/api/audit", headers=key).status_code == 403
    assert [one.who_kind for one in noted(action="refused")] == ["key", "key"]
    page = client.get(f"{home}/audit").text
    assert "tried what they may not do: POST /campaigns/{name:str}/stop" in page
