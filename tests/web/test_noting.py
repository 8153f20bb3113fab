"""Whatever changes something or shows somebody is noted in the audit log: each action of the story once."""

import json
from datetime import timedelta
from itertools import count

import pytest
from tests.web.console_story import RULE, csrf
from tests.web.every_page import DESK, Story
from tests.web.noted import noted_in, said

from regulars.access import audit_records
from regulars.access.audit import Filter
from regulars.store.database import Database
from regulars.web.api.routes import HANDLERS as API_HANDLERS
from regulars.web.console.account import HANDLERS as ACCOUNT_HANDLERS
from regulars.web.console.routes import HANDLERS as CONSOLE_HANDLERS
from regulars.web.noting import noted_by, why_unnoted
from regulars.words.clock import utc_now

READING = {"GET", "HEAD", "OPTIONS"}
ROUTES = [*CONSOLE_HANDLERS, *ACCOUNT_HANDLERS, *API_HANDLERS]
PEOPLE = ("Ieva", "王小明", "ieva@post.example", "My mother")


@pytest.fixture
def noted(house, workspace):
    """What has been noted, the oldest first."""

    return lambda **wanted: noted_in(house, workspace, **wanted)


@pytest.mark.parametrize("handler", ROUTES, ids=lambda one: f"{one.fn.__module__.rpartition('.')[2]}.{one.fn.__name__}")
def test_every_route_that_changes_something_says_what_it_notes(handler):
    if not handler.http_methods <= READING:
        assert noted_by(handler) or why_unnoted(handler), "say opt=... | notes('thing.done', 'thing', by='name')"
    if found := noted_by(handler):
        assert not found.by or any(f"{{{found.by}:" in path for path in handler.paths), f"no place {found.by}"


OFFERED = ("/fact?", "/forms/gift-quiz/edit", "/new/form", "/segments", "/new/segment", "/campaigns", "/new/campaign")
OFFERED += ("/groups",)
"""Pages where an answer stands that somebody may choose, that a rule asks for, or that many gave: it is nobody's."""
MADE_UP = DESK + "/design"
"""The page whose people are examples."""


def test_every_page_that_shows_people_notes_it_once(client, shop, noted, monkeypatch):
    paths = [path for door, path in Story(shop).pages() if door.path.startswith(DESK) and door.path != MADE_UP]
    clock = count(2, 2)
    monkeypatch.setattr("regulars.web.noting.utc_now", lambda: utc_now() + timedelta(hours=next(clock)))
    for path in paths:
        before = len(noted())
        page = client.get(path).text
        offered = any(place in path for place in OFFERED)
        shows = any(words in page for words in PEOPLE[: -1 if offered else None])
        assert len(noted()) - before == 1 or not shows, path


def test_coming_in_is_noted_whichever_way_it_was(client, noted, workspace):
    (one,) = noted()
    assert (one.action, one.who) == ("login", f"owner@{workspace}.example")


def test_what_somebody_changes_of_their_account_is_noted_where_they_belong(client, noted):
    token = csrf(client.get("/console/account").text)
    client.post("/console/account/name", data={"csrf": token, "name": "Hat"})
    client.post("/console/account/name", data={"csrf": token, "name": ""})
    client.post("/console/account/sessions/end-others", data={"csrf": token})
    assert said(noted()) == [("login", "", ""), ("account.renamed", "", ""), ("sessions.ended", "", "")]


def test_looking_at_a_customer_is_one_entry_however_often(client, home, shop, noted, workspace):
    for _ in range(3):
        client.get(f"{home}/customers/{shop.customer}")
    (one,) = noted(action="customer.seen")
    assert (one.kind, one.name, one.who, one.who_name) == (
        "customer",
        str(shop.customer),
        f"owner@{workspace}.example",
        "Harriet",
    )
    assert one.request


def test_so_it_is_where_another_process_answers_the_second_time(client, home, shop, noted, house):
    client.get(f"{home}/customers/{shop.customer}")
    house.audit._noted.clear()
    client.get(f"{home}/customers/{shop.customer}")
    assert len(noted(action="customer.seen")) == 1


def test_after_some_minutes_it_is_noted_again(client, home, shop, noted, house, monkeypatch):
    client.get(f"{home}/customers/{shop.customer}")
    later = utc_now() + timedelta(minutes=11)
    monkeypatch.setattr("regulars.web.noting.utc_now", lambda: later)
    client.get(f"{home}/customers/{shop.customer}")
    assert len(noted(action="customer.seen")) == 2


def test_a_page_that_could_not_be_shown_is_not_noted(client, home, shop, noted):
    assert client.get(f"{home}/customers/4711").status_code == 404
    assert noted(action="customer.seen") == []


@pytest.fixture
def post(client, home):
    def send(path, to=None, **fields):
        token = csrf(client.get(f"{home}{path}").text)
        return client.post(f"{home}{to or path}", data={"csrf": token, **fields})

    return send


def test_each_change_of_the_story_is_noted_once(post, shop, noted):
    survey = {"title": "Budget", "elements": [{"type": "text", "name": "budget", "title": "How much?"}]}
    form = f"budget-{shop.workspace.replace('_', '-')}"
    letter = {"subject": "Soon", "html": '<a href="{{ unsubscribe_url }}">x</a>', "text": "{{ unsubscribe_url }}"}
    whole = {"title": "May", "name": "may", "segment": "mothers", "template": "soon", "purpose": "marketing"}
    post("/new/segment", rule=json.dumps(RULE), title="Mothers", name="mothers", do="look")
    post("/new/segment", rule=json.dumps(RULE), title="Mothers", name="mothers", do="save")
    post("/new/segment", rule=json.dumps(RULE), title="Mothers", name="mothers", do="save")  # is there already
    post("/new/form", name=form, survey=json.dumps(survey))
    post("/new/template?start_from=html", to="/new/template", name="soon", do="save", **letter)
    post("/new/campaign", **whole)
    post("/campaigns/may", "/campaigns/may/launch")
    post("/campaigns/may", "/campaigns/may/stop")
    post("/segments/mothers", "/segments/mothers/delete")
    post("/health", "/health/facts/pause")
    post("/health", "/health/facts/resume")
    changes = [
        one for one in noted() if not one.action.endswith((".seen", ".listed", ".tried")) and one.action != "login"
    ]
    assert said(changes) == [
        ("segment.made", "segment", "mothers"),
        ("form.made", "form", form),
        ("template.saved", "template", "soon"),
        ("campaign.made", "campaign", "may"),
        ("campaign.launched", "campaign", "may"),
        ("campaign.stopped", "campaign", "may"),
        ("segment.deleted", "segment", "mothers"),
        ("follower.paused", "follower", "facts"),
        ("follower.resumed", "follower", "facts"),
    ]
    launched = changes[4]
    assert (launched.before, launched.after) == ({"state": "draft"}, {"state": "live", "addressed": 1})
    assert "csrf" not in str(changes)


def test_nothing_is_shown_that_cannot_be_noted(client, home, shop, house, monkeypatch):
    def full(*_args, **_more):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(house.audit, "note_again", full)
    page = client.get(f"{home}/customers/{shop.customer}")
    assert page.status_code == 500
    assert "Ieva" not in page.text


def test_a_change_that_cannot_be_noted_is_not_made(post, shop, house, monkeypatch):
    def full(*_args, **_more):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(house.audit, "note", full)
    assert post("/campaigns/spring", "/campaigns/spring/stop").status_code == 500
    with shop.tx() as tx:
        from regulars.speak import campaigns

        assert campaigns.get(tx, "spring").state == "live"


def test_one_workspace_does_not_read_anothers(database: Database, house, client, home, shop, noted):
    from regulars.access.workspaces import create_workspace, delete_workspace

    client.get(f"{home}/customers")
    create_workspace(database, "elsewhere_audit", "Elsewhere")
    try:
        with database.workspace("elsewhere_audit") as tx:
            assert audit_records.count_entries(tx, Filter()) == 0
    finally:
        delete_workspace(database, "elsewhere_audit")
