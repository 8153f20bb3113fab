"""Lists that are long: read on in parts, searched by what stands in the address, and quick with ten thousand rows."""

import re
from html import unescape

import psycopg
import pytest
from tests.web.console_story import csrf

from regulars.access.keys import create_key
from regulars.web.console.listing import PAGE

MANY = 120
MOST = 10_000
MADE = {
    "segments": "insert into understand_segment (name, title, rule, created_at) "
    "select 's-' || n, 'Segment ' || n, '{\"all\": []}', now() from generate_series(%(first)s::int, %(last)s::int) n",
    "forms": "insert into engage_form (name, title, survey) "
    "select 'f-' || n, 'Form ' || n, '{\"elements\": []}' from generate_series(%(first)s::int, %(last)s::int) n",
    "templates": "insert into speak_template (name, version, title, subject, html, text) "
    "select 't-' || n, 1, 'Template ' || n, 'Hello', repeat('<p>Hello</p>', 400), 'Hello' "
    "from generate_series(%(first)s::int, %(last)s::int) n",
    "campaigns": "insert into speak_campaign (name, title, segment, template, purpose, channel) "
    "select 'c-' || n, 'Campaign ' || n, 's-1', 't-1', 'marketing', 'email' "
    "from generate_series(%(first)s::int, %(last)s::int) n",
    "keys": "insert into access_key (hash, workspace, scope, name) "
    "select sha256((%(workspace)s::text || n)::bytea), %(workspace)s::text, 'read', 'Key ' || n "
    "from generate_series(%(first)s::int, %(last)s::int) n",
    "imports": "insert into hear_import (workspace, number, asked_by, asked_at, file, bytes, plan) "
    "select %(workspace)s::text, n, 'priya@gifts.example', now(), 'Import ' || n, 1, %(plan)s::json "
    "from generate_series(%(first)s::int, %(last)s::int) n",
}
PLAN = '{"what": "customers", "reading": {"format": "csv"}, "columns": {"email": "email"}}'


@pytest.fixture
def fill(house, workspace):
    """Make so many of something, numbered."""

    def make(what, last, first=1):
        given = {"first": first, "last": last, "workspace": workspace, "plan": PLAN}
        with house.database.workspace(workspace) as tx:
            tx.run(MADE[what].encode(), **given)

    return make


@pytest.fixture
def statements(client, monkeypatch):
    """Open a page and return it, with how many statements it took; the fewest of three, as others may be at work."""
    made = []
    execute = psycopg.Cursor.execute
    monkeypatch.setattr(psycopg.Cursor, "execute", lambda *given, **more: made.append(1) or execute(*given, **more))

    def take(path):
        taken = []
        for _ in range(3):
            made.clear()
            page = client.get(path)
            assert page.status_code == 200, path
            taken.append(len(made))
        return page.text, min(taken)

    return take


def walk(client, path):
    """Return the texts of all rows of a list, read on from part to part by its own links."""
    rows, here = [], path
    while here:
        page = client.get(here)
        assert page.status_code == 200, here
        found = re.findall(r'<a class="name"[^>]*>([^<]+)</a>', page.text)
        assert 0 < len(found) <= PAGE + 2, here
        rows.append([unescape(one) for one in found])
        later = re.search(r'rel="next" href="([^"]+)"', page.text)
        here = unescape(later[1]) if later else ""
    return rows


@pytest.mark.parametrize("what", MADE)
def test_a_long_list_is_read_on_and_nothing_is_told_twice_or_left_out(client, home, fill, what):
    fill(what, MANY)
    parts = walk(client, f"{home}/{what}")
    assert len(parts) == -(-MANY // PAGE)
    told = [one for part in parts for one in part]
    called = what[:-1].capitalize()
    assert sorted(told) == sorted(f"{called} {n}" for n in range(1, MANY + 1))


@pytest.mark.parametrize("what", MADE)
def test_a_search_stands_in_the_address_and_goes_over_all_parts(client, home, fill, what):
    fill(what, MANY)
    page = client.get(f"{home}/{what}?q=7")
    assert page.status_code == 200
    hits = {n for n in range(1, MANY + 1) if "7" in str(n)}
    told = re.findall(r'<a class="name"[^>]*>\w+ (\d+)</a>', page.text)
    assert {int(one) for one in told} == hits
    assert 'value="7"' in page.text
    assert f'class="chip" href="{home}/{what}"' in page.text
    none = client.get(f"{home}/{what}?q=nothing-like-it").text
    assert none.count('class="card empty"') == 1
    assert re.search(rf'class="button" href="{home}/{what}"', none)


def test_a_part_is_kept_while_one_searches(client, home, fill):
    """More hits than fit on a page: the next part is one of the same search."""
    fill("segments", 600)
    parts = walk(client, f"{home}/segments?q=segment 1")
    told = [one for part in parts for one in part]
    assert len(parts) > 2
    assert set(told) == {f"Segment {n}" for n in range(1, 601) if "1" in str(n)}
    assert len(set(told)) == len(told)


@pytest.mark.parametrize("what", MADE)
def test_ten_thousand_are_asked_and_shown_as_a_hundred_are(statements, home, fill, what):
    paths = (f"{home}/{what}", f"{home}/{what}?q=9")
    fill(what, MANY)
    few = {path: statements(path)[1] for path in paths}
    fill(what, MOST, first=MANY + 1)
    for path in paths:
        page, taken = statements(path)
        assert taken <= few[path], path
        assert len(page) < 200_000, path


@pytest.mark.parametrize("what", ["segments", "forms", "templates", "campaigns", "keys"])
def test_programs_read_a_long_list_by_cursors(stranger, house, workspace, fill, what):
    fill(what, MANY)
    head = {"Authorization": f"Bearer {create_key(house.database, workspace, 'admin')}"}
    told, cursor = [], ""
    while cursor is not None:
        answer = stranger.get(f"/api/{what}", params={"limit": 50, "cursor": cursor}, headers=head).json()
        told += [one.get("id") if what == "keys" else one["name"] for one in answer["items"]]
        cursor = answer["next"]
    assert len(told) == len(set(told)) == MANY + (what == "keys") == answer["total"]


def test_what_is_ticked_on_any_part_is_done(client, home, fill, house, workspace):
    fill("segments", MANY)
    token = csrf(client.get(f"{home}/segments").text)
    gone = client.post(f"{home}/deleted/segments", data={"csrf": token, "pick:s-99": "1", "pick:s-1": "1"})
    landed = client.get(gone.headers["location"]).text
    assert "2 segments are deleted." in landed
    assert len([one for part in walk(client, f"{home}/segments") for one in part]) == MANY - 2


def test_what_is_sensitive_is_looked_up_once_for_who_may_not_see_it(statements, home, fill, house, workspace, shop):
    """Who does not act for customers is shown no segment that tells a sensitive fact: of ten thousand it is known."""
    with shop.tx() as tx:
        tx.run(b"update remember_fact_name set sensitive = true where name = 'gift_for'")
    with house.database.shared() as tx:
        tx.run(b"update access_role set role = 'viewer' where workspace = %(workspace)s", workspace=workspace)
    fill("segments", MANY)
    _, few = statements(f"{home}/segments?q=mother")
    fill("segments", MOST, first=MANY + 1)
    page, taken = statements(f"{home}/segments?q=mother")
    assert "told us" not in page
    assert "They give to their mother" in page
    assert taken <= few
