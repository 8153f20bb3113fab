"""How long events are kept: chosen on a page, asked once before anything goes, and the same for programs."""

from datetime import timedelta

import pytest
from tests.web.console_story import csrf

from regulars.access.keys import create_key
from regulars.access.people import add_person, make_login_link
from regulars.loop.retention_rounds import let_go
from regulars.remember import retention
from regulars.store.log import NewEvent, append
from regulars.words.clock import utc_now


@pytest.fixture
def old(shop):
    """Two pages that were looked at long ago, and one lately."""
    now = utc_now()
    with shop.tx() as tx:
        append(
            tx,
            [
                NewEvent(shop.customer, now - timedelta(days=days), "page", b'{"path": "/%d"}' % days)
                for days in (700, 500, 1)
            ],
        )
    shop.work()
    return shop


def paths(shop):
    with shop.tx() as tx:
        found = tx.connection.execute(
            "select props ->> 'path' from store_event where kind = (select id from store_kind where name = 'page') "
            "and props ->> 'path' like '/%00' or props ->> 'path' = '/1' order by at"
        )
        return [path for (path,) in found.fetchall()]


def terms(shop):
    with shop.tx() as tx:
        return dict(tx.connection.execute("select kind, days from remember_retention").fetchall())


def test_the_page_shows_what_there_is_and_asks_once_before_anything_goes(old, client, home):
    page = client.get(f"{home}/retention")
    assert 'name="days:page"' in page.text
    assert '>Page views</strong> <code class="soft small">page</code>' in page.text
    assert "it says who is who" in page.text
    assert 'name="days:identify"' not in page.text
    field = {"csrf": csrf(page.text), "days:page": "365"}
    asked = client.post(f"{home}/retention", data=field)
    assert "Page views: 2 older than 1 year" in asked.text
    assert terms(old) == {}
    done = client.post(f"{home}/retention", data=field | {"sure": "1"})
    assert done.headers["location"] == f"{home}/retention?saved=yes"
    assert terms(old) == {"page": 365}
    assert "2 are over and go within hours" in client.get(f"{home}/retention").text
    assert "changed how long events are kept" in client.get(f"{home}/audit").text
    assert not let_go(old.database, old.workspace, utc_now(), seconds=60)
    assert paths(old) == ["/1"]
    assert "are over" not in client.get(f"{home}/retention").text


def test_what_lets_go_of_nothing_is_saved_at_once_and_for_ever_takes_it_back(old, client, home):
    field = {"csrf": csrf(client.get(f"{home}/retention").text)}
    assert client.post(f"{home}/retention", data=field | {"days:page": "730"}).status_code == 303
    assert terms(old) == {"page": 730}
    assert client.post(f"{home}/retention", data=field | {"days:page": "ever"}).status_code == 303
    assert terms(old) == {}


@pytest.mark.parametrize(
    "chosen", [{"days:identify": "365"}, {"days:page": "3"}, {"days:page": "soon"}, {"days:Unheard": "90"}]
)
def test_what_was_not_offered_is_refused(old, client, home, chosen):
    field = {"csrf": csrf(client.get(f"{home}/retention").text), "sure": "1"}
    assert client.post(f"{home}/retention", data=field | chosen).status_code == 400
    assert terms(old) == {}


@pytest.mark.parametrize("role", ["marketer", "agent", "analyst", "viewer"])
def test_only_owners_choose_it(old, house, stranger, home, role):
    add_person(house.database, f"{role}@gifts.example", role, old.workspace, role=role)
    stranger.post(f"/console/login/{make_login_link(house.database, f'{role}@gifts.example', utc_now())}")
    assert stranger.get(f"{home}/retention").status_code == 403
    field = {"csrf": csrf(stranger.get("/console/account").text), "days:page": "365", "sure": "1"}
    assert stranger.post(f"{home}/retention", data=field).status_code == 403
    assert terms(old) == {}


def test_programs_read_and_change_it_too(old, stranger):
    head = {"authorization": f"Bearer {create_key(old.database, old.workspace, 'admin')}"}
    listed = stranger.get("/api/retention?days=365", headers=head).json()["items"]
    assert {one["kind"]: one["over"] for one in listed if one["over"]} == {"page": 2}
    changed = stranger.put("/api/retention", json={"kinds": {"page": 365}}, headers=head)
    assert changed.json() == {"kinds": {"page": 365}, "over": 2}
    refused = stranger.put("/api/retention", json={"kinds": {"form.answered": 365}}, headers=head)
    assert refused.status_code == 400
    assert refused.json()["errors"][0]["field"] == "kinds"
    read = {"authorization": f"Bearer {create_key(old.database, old.workspace, 'read')}"}
    assert stranger.put("/api/retention", json={"kinds": {}}, headers=read).status_code == 403
    assert stranger.get("/api/retention", headers=read).status_code == 403
    assert stranger.put("/api/retention", json={"kinds": {"page": None}}, headers=head).json()["kinds"] == {}


def test_whoever_cuts_goes_on_while_it_is_counted_how_much_a_new_term_lets_go_of(old, stranger, monkeypatch):
    counted = []

    def counting(*asked):
        with old.tx() as other:
            counted.append(other.connection.execute("select 1 from remember_retention_pass for update nowait").rowcount)
        return would_go(*asked)

    would_go = retention.would_go
    monkeypatch.setattr(retention, "would_go", counting)
    head = {"authorization": f"Bearer {create_key(old.database, old.workspace, 'admin')}"}
    changed = stranger.put("/api/retention", json={"kinds": {"page": 365}}, headers=head)
    assert (changed.json(), counted) == ({"kinds": {"page": 365}, "over": 2}, [1])
    assert stranger.put("/api/retention", json={"kinds": {"page": 10**9}}, headers=head).status_code == 400
