"""Funnels on the console and for programs: composed by clicking, saved, taken back, with the people at each step."""

import csv
import io
import re
from datetime import timedelta
from html import unescape

import msgspec
import pytest
from tests.web.console_story import csrf
from tests.web.noted import noted_in

from regulars.access.keys import create_key
from regulars.hear.identities import intern
from regulars.store.log import NewEvent, append
from regulars.understand import reckoning
from regulars.words.clock import utc_now

WAY = {"steps": [{"event": "Song Played", "where": [{"property": "title", "is": "<b>"}]}, {"event": "Song Bought"}]}
FIELDS = {
    "title": "Songs", "window": "14", "range": "ever", "s.0:event": "Song Played", "s.1:event": "Song Bought",
    "s.0.0:property": "title", "s.0.0:test": "is", "s.0.0:value": "<b>",
}  # fmt: skip


@pytest.fixture
def songs(shop):
    """Three who played a song, one of whom bought it two hours later, and one who played another."""
    begun = utc_now() - timedelta(days=3)
    did = [*((f"f-{n}", "Song Played", 0, "<b>") for n in range(3)), ("f-9", "Song Played", 0, "c")]
    did += [("f-1", "Song Bought", 2, "<b>"), ("f-9", "Song Bought", 1, "c")]
    with shop.tx() as tx:
        users = intern(tx, [("user", who) for who, *_ in did])
        events = [
            NewEvent(
                users["user", who], begun + timedelta(hours=hours), kind, msgspec.json.encode({"title": title}),
                historical=True,
            )
            for who, kind, hours, title in did
        ]  # fmt: skip
        append(tx, events)
    shop.work()
    return {who: number for (_, who), number in users.items()}


@pytest.fixture
def ask(client, shop):
    headers = {"Authorization": f"Bearer {create_key(shop.database, shop.workspace, 'admin')}"}

    def asked(method, path, body=None, status=200, **query):
        answer = client.request(method, f"/api{path}", json=body, params=query, headers=headers)
        assert answer.status_code == status, answer.text
        return answer.json()

    return asked


def post(client, home, path, **fields):
    page = client.get(f"{home}/new/funnel").text
    return client.post(f"{home}{path}", data={"csrf": csrf(page), **fields})


def test_a_funnel_is_composed_beside_what_it_comes_to_and_saved(client, home, songs, house, workspace):
    look = post(client, home, "/new/funnel", **FIELDS, do="look")
    assert look.status_code == 200
    text = " ".join(look.text.split())
    assert re.search(r"“Song Played” \([^)]*“&lt;b&gt;”\), then “Song Bought”, within 14 days of the first", text)
    assert "3 customers" in text
    assert "33% of the first step" in text
    assert "half of them within 2 hours of the step before" in text
    assert "<b>" not in look.text
    assert post(client, home, "/new/funnel", **FIELDS, do="save").status_code in (200, 303)
    page = client.get(f"{home}/funnels/songs").text
    assert "2 went no further" in page
    edited = client.get(f"{home}/funnels/songs/edit").text
    assert 'value="Song Bought"' in edited
    answer = post(client, home, "/funnels/songs/edit", **FIELDS | {"window": "1"}, do="save", base="1")
    assert answer.status_code in (200, 303)
    page = client.get(f"{home}/funnels/songs?saved=yes").text
    assert "Saved as version 2." in page
    assert "within 1 day of the first" in page
    post(client, home, "/funnels/songs/versions/1/restore")
    assert "within 14 days of the first" in client.get(f"{home}/funnels/songs").text.partition("versions")[0]
    post(client, home, "/funnels/songs/delete")
    assert client.get(f"{home}/funnels/songs").status_code == 404
    (back,) = re.findall(r"/deleted/funnels/\d+/back", client.get(f"{home}/funnels").text)
    post(client, home, back)
    assert client.get(f"{home}/funnels/songs").status_code == 200
    actions = [one.action for one in noted_in(house, workspace) if one.action.startswith("funnel.")]
    assert sorted(actions) == [
        "funnel.changed", "funnel.changed", "funnel.deleted", "funnel.made", "funnel.taken.back",
    ]  # fmt: skip


def test_several_funnels_are_deleted_at_once_and_taken_back(client, home, songs, ask, house, workspace):
    for name in ("songs", "tunes", "airs"):
        ask("POST", "/funnels", {"name": name, "title": name.title(), "funnel": WAY}, 201)

    def there():
        return [one["name"] for one in ask("GET", "/funnels")["items"] if one["name"] != "buying"]

    gone = post(client, home, "/deleted/funnels", **{"pick:songs": "1", "pick:airs": "1", "pick:nothing": "1"})
    assert there() == ["tunes"]
    page = client.get(gone.headers["location"]).text
    assert "2 funnels are deleted." in page
    (noted,) = noted_in(house, workspace, action="funnel.deleted")
    assert noted.name == "airs, songs"
    undo = page.partition(f'action="{home}/undo/')[2].partition('"')[0]
    assert post(client, home, f"/undo/{undo}").status_code == 303
    assert there() == ["airs", "songs", "tunes"]
    assert post(client, home, "/deleted/funnels").headers["location"] == f"{home}/funnels"


def test_who_saves_over_a_newer_version_sees_both(client, home, songs, ask):
    ask("POST", "/funnels", {"name": "songs", "title": "Songs", "funnel": WAY}, 201)
    ask("PUT", "/funnels/songs", {"title": "Tunes", "funnel": WAY})
    answer = post(client, home, "/funnels/songs/edit", **FIELDS | {"window": "3"}, do="save", base="1")
    assert answer.status_code == 409
    assert "Tunes" in answer.text


def test_buttons_add_and_move_steps_and_conditions(client, home, songs):
    page = post(client, home, "/new/funnel", **FIELDS, do="add-step").text
    assert 'name="s.2:event"' in page
    page = post(client, home, "/new/funnel", **FIELDS, do="down:s.0").text
    assert re.search(r'name="s.0:event" value="Song Bought"', page)
    assert re.search(r'name="s.1.0:value" value="&lt;b&gt;"', page)
    page = post(client, home, "/new/funnel", **FIELDS, do="add-condition:s.1").text
    assert 'name="s.1.0:property"' in page
    assert 'name="s.0.0:property"' not in post(client, home, "/new/funnel", **FIELDS, do="remove:s.0.0").text
    assert 'name="s.1:event"' not in post(client, home, "/new/funnel", **FIELDS, do="remove:s.1").text
    wrong = FIELDS | {"s.1:event": "Song Bougt"}
    page = post(client, home, "/new/funnel", **wrong, do="look").text
    assert 'id="s.1-wrong">Nobody has ever done &#39;Song Bougt&#39;. Did you mean Song Bought' in page
    assert 'value="Song Bought"' in post(client, home, "/new/funnel", **wrong, do="use:s.1:Song Bought").text
    for do in ("up:s.0", "down:s.9", "remove:s.7.7", "remove:", "add-condition:s.x", "use:s.-1:x", "nothing"):
        assert post(client, home, "/new/funnel", **FIELDS, do=do).status_code == 200


@pytest.mark.parametrize(
    ("fields", "place", "said"),
    [
        ({"window": "-3"}, "window", "Must be a whole number of 1 or more"),
        ({"window": "10000"}, "window", "Must be a whole number of 1 or more"),
        ({"window": "soon"}, "window", "is no number"),
        ({"range": "within", "low": ""}, "range", "Say how many"),
        ({"range": "dates", "low": "2026-05-02", "high": "2026-05-01"}, "range", "From 2026-05-02 until 2026-05-01"),
        ({"segment": "nobody"}, "segment", "There is no segment"),
        ({"s.1:event": ""}, "s.1", "Choose what they did"),
        ({"s.0.0:value": ""}, "s.0", "Say which value"),
        ({"s.0.0:test": "between", "s.0.0:value": "5", "s.0.0:high": "1"}, "s.0", "leave nothing between them"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_nothing_is_lost(client, home, songs, fields, place, said):
    answer = post(client, home, "/new/funnel", **FIELDS | fields, do="save")
    assert answer.status_code == 400
    assert said in unescape(answer.text.partition(f'id="{place}-wrong">')[2][:200])
    assert 'value="Songs"' in answer.text
    assert client.get(f"{home}/funnels/songs").status_code == 404


def test_each_number_leads_to_its_customers_and_is_the_programs(client, home, songs, ask):
    ask("POST", "/funnels", {"name": "songs", "title": "Songs", "funnel": WAY}, 201)
    told = ask("GET", "/funnels/songs")
    assert told["found"]["steps"] == [{"customers": 3, "seconds": None}, {"customers": 1, "seconds": 7200.0}]
    page = client.get(f"{home}/funnels/songs").text
    for step, only, names in ((1, "", {"f-0", "f-1", "f-2"}), (1, "stopped", {"f-0", "f-2"}), (2, "", {"f-1"})):
        where = f"/funnels/songs/people?step={step}{f'&only={only}' if only else ''}"
        assert f'href="{home}{where}"' in unescape(page)
        listed = client.get(home + where).text
        found = ask("GET", "/funnels/songs/people", step=step, only=only)
        assert {one["customer_id"] for one in found["items"]} == {songs[name] for name in names}
        assert all(f"/customers/{songs[name]}" in listed for name in names)
        link = listed.split(">Make a segment of these<")[0].rpartition('href="')[2].rstrip('"')
        composer = " ".join(client.get(unescape(link)).text.split())
        assert re.search(rf'"figure">{len(names)}<', composer)
    assert client.get(f"{home}/funnels/songs/people?step=3").status_code == 400
    ask("GET", "/funnels/songs/people", status=400, step=3)
    lines = list(csv.DictReader(io.StringIO(client.get(f"{home}/funnels/songs/file").text)))
    assert [(one["event"], one["customers"], one["share_of_first"], one["median_seconds"]) for one in lines] == [
        ("Song Played", "3", "1.0000", ""), ("Song Bought", "1", "0.3333", "7200"),
    ]  # fmt: skip


def test_programs_try_save_restore_and_take_back(ask, songs):
    tried = ask("POST", "/trials/funnel", {"funnel": WAY})
    assert [one["customers"] for one in tried["steps"]] == [3, 1]
    wrong = ask("POST", "/trials/funnel", {"funnel": {"steps": [{"event": "page"}]}}, 400)
    assert wrong["errors"][0]["field"].startswith("funnel")
    ask("POST", "/funnels", {"name": "songs", "title": "Songs", "funnel": WAY}, 201)
    ask("POST", "/funnels", {"name": "songs", "title": "Songs", "funnel": WAY}, 409)
    ask("PUT", "/funnels/songs", {"title": "Songs", "funnel": WAY | {"window_days": 3}, "replaces": 1})
    ask("PUT", "/funnels/songs", {"title": "Songs", "funnel": WAY, "replaces": 1}, 409)
    assert ask("POST", "/funnels/songs/restore", {"version": 1})["version"] == 3
    assert [one["version"] for one in ask("GET", "/funnels/songs/versions")["items"]] == [3, 2, 1]
    number = ask("DELETE", "/funnels/songs")["id"]
    assert ask("GET", "/deleted/funnels")["items"][0]["id"] == number
    assert ask("POST", f"/deleted/funnels/{number}/restore")["version"] == 3


def test_of_a_large_log_the_page_waits_and_the_composer_does_not(client, home, songs, ask, monkeypatch):
    ask("POST", "/funnels", {"name": "songs", "title": "Songs", "funnel": WAY}, 201)
    monkeypatch.setattr(reckoning, "SMALL", 0)
    assert "Being reckoned, since" in client.get(f"{home}/funnels/songs").text
    assert "3 customers" in post(client, home, "/new/funnel", **FIELDS, do="look").text
    assert "2 went no further" in client.get(f"{home}/funnels/songs").text


def test_any_saved_funnel_stands_in_the_fields_as_it_is(client, home, songs, ask):
    conditions = [
        {"property": "title", "in": ["a", "1", 1, True]}, {"property": "n", "at_least": 1, "at_most": 2.5},
        {"property": "day", "at_least": "2026-05-01"}, {"property": "x", "known": False},
    ]  # fmt: skip
    for days in ({"older_than_days": 3}, {"between_days": [3, 9]}, {"from": "2026-05-01"}, {"within_days": 7}, {}):
        steps = [{"event": "Song Played", "where": conditions}, {"event": "page"}]
        funnel = {"steps": steps, "window_days": 5, **days, "segment": "for-mothers"}
        ask("POST", "/funnels", {"name": "any", "title": "Any", "funnel": funnel}, 201)
        page = client.get(f"{home}/funnels/any/edit").text
        form = page.partition("data-composing")[2]
        fields = {
            unescape(name): unescape(value) for name, value in re.findall(r'name="([^"]+)" value="([^"]*)"', form)
        }
        fields |= {
            name: unescape(value) for name, value in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>\n([^<]*)<', form)
        }
        for name, options in re.findall(r'<select[^>]*name="([^"]+)".*?>(.*?)</select>', form, re.DOTALL):
            fields[name] = re.search(r'value="([^"]*)" selected', options)[1]
        fields.pop("do", None)
        answer = client.post(f"{home}/funnels/any/edit", data=fields | {"do": "save"})
        assert answer.status_code in (200, 303), answer.text
        kept = ask("GET", "/funnels/any")["funnel"]
        assert (kept["funnel"], kept["version"]) == (funnel, 1)
        ask("DELETE", "/funnels/any")
