"""Who comes back, on the console, as a file and for programs: the same numbers, with the people behind them."""

import csv
import io
import re
from datetime import UTC, date, datetime
from html import unescape

import msgspec
import pytest

from regulars.access.keys import create_key
from regulars.access.people import add_person
from regulars.hear.identities import intern
from regulars.loop.rounds import hold_due
from regulars.remember import catalogue
from regulars.remember.catalogue import Said
from regulars.store.log import NewEvent, append
from regulars.understand import reckoning
from regulars.words.clock import utc_now

PATH = "/api/cohorts"


def months_ago(number):
    today = utc_now().date()
    months = today.year * 12 + today.month - 1 - number
    return date(months // 12, months % 12 + 1, 1)


@pytest.fixture
def back(shop):
    """Four who bought three months ago, one of whom bought again a month later, and two who began then."""
    first, then = months_ago(3), months_ago(2)
    visits = [*((f"c-{n}", first) for n in range(4)), ("c-1", then), ("c-8", then), ("c-9", then)]
    with shop.tx() as tx:
        users = intern(tx, [("user", who) for who, _ in visits])
        events = [
            NewEvent(
                users["user", who],
                datetime(day.year, day.month, 10 + n % 9, 12, tzinfo=UTC),
                kind,
                msgspec.json.encode({"order_id": f"{who} {n}", "total": 3, "currency": "GBP"}),
                historical=True,
            )
            for n, (who, day) in enumerate(visits)
            for kind in ("Order Completed", "Song <Played>")
        ]
        append(tx, events)
    shop.work()
    return users


@pytest.fixture
def ask(client, shop):
    headers = {"Authorization": f"Bearer {create_key(shop.database, shop.workspace, 'read')}"}

    def asked(path="", status=200, **query):
        answer = client.get(f"{PATH}{path}", params=query, headers=headers)
        assert answer.status_code == status, answer.text
        return answer.json()

    return asked


def test_each_number_leads_to_its_customers_and_is_the_programs(client, home, back, ask):
    for of, word in (("orders", "bought again"), ("event:Song <Played>", "did it again")):
        found = {one["began"]: one for one in ask(of=of)["cohorts"]}
        cohort = found[months_ago(3).isoformat()]
        assert (cohort["customers"], cohort["back"]) == (4, [1, 0, 0])
        page = client.get(f"{home}/cohorts", params={"of": of}).text
        assert word in page
        assert "25%" in page
        assert "Song <Played>" not in page
        for after, names in ((0, {"c-0", "c-1", "c-2", "c-3"}), (1, {"c-1"})):
            links = [unescape(one) for one in re.findall(r'href="([^"]*/cohorts/people[^"]*)"', page)]
            (link,) = [
                one
                for one in links
                if f"began={months_ago(3)}" in one and (f"n={after}" in one if after else "&n=" not in one)
            ]
            listed = client.get(link)
            assert listed.status_code == 200
            told = ask("/people", began=months_ago(3).isoformat(), after=after, of=of)
            assert {one["customer_id"] for one in told["items"]} == {back["user", name] for name in names}
            assert told["next"] is None
            assert all(f"/customers/{back['user', name]}" in listed.text for name in names)
            if after:
                link = listed.text.split(">Make a segment of these<")[0].rpartition('href="')[2].rstrip('"')
                assert "customer matches now" in client.get(unescape(link)).text


def test_the_caption_says_it_in_a_sentence(client, home, back):
    page = " ".join(client.get(f"{home}/cohorts").text.split())
    assert re.search(r"Of the \d+ who first bought in \w+ \d{4}, \d+% bought again in \w+ \d{4}\.", page)
    page = " ".join(client.get(f"{home}/cohorts?of=event:Song+<Played>&every=week").text.split())
    assert re.search(r"who first did “Song &lt;Played&gt;” in the week of \w+ \d+, \d{4}, \d+% did it again in", page)


def test_a_list_of_people_is_read_on(back, ask):
    where = {"began": months_ago(3).isoformat()}
    whole = ask("/people", **where)
    first = ask("/people", **where, limit=1)
    rest = ask("/people", **where, cursor=first["next"])
    assert [*first["items"], *rest["items"]] == whole["items"]


def test_the_file_has_every_number(client, home, back):
    answer = client.get(f"{home}/cohorts/file")
    assert answer.headers["content-type"].startswith("text/csv")
    lines = [one for one in csv.DictReader(io.StringIO(answer.text)) if one["began"] == months_ago(3).isoformat()]
    assert [(one["after"], one["came_back"], one["share"], one["under_way"]) for one in lines] == [
        ("1", "1", "0.2500", "no"), ("2", "0", "0.0000", "no"), ("3", "0", "0.0000", "yes"),
    ]  # fmt: skip


def test_what_cannot_be_asked_is_said_beside_it(client, home, back, ask):
    page = client.get(f"{home}/cohorts?of=event:Song Plaid")
    assert page.status_code == 400
    assert 'id="of-wrong">Nobody has ever done' in page.text
    assert "Nobody has ever done" in ask(of="event:nothing", status=400)["detail"]
    ask(segment="nobody", status=404)
    ask(every="day", status=400)
    ask("/people", began=months_ago(3).isoformat(), after=99, status=400)
    ask("/people", began=months_ago(3).replace(day=2).isoformat(), status=400)
    assert client.get(f"{home}/cohorts?segment=nobody").status_code == 404
    assert client.get(f"{home}/cohorts/people?began=2026-03-02").status_code == 400


def test_of_a_large_log_the_page_waits_for_the_round_and_moves_by_itself(client, home, shop, back, ask, monkeypatch):
    monkeypatch.setattr(reckoning, "SMALL", 0)
    page = client.get(f"{home}/cohorts").text
    assert "Being reckoned, since" in page
    assert 'hx-trigger="every 3s"' in page
    assert ask()["waits"]
    assert "reckoning" in hold_due(shop.database, shop.workspace, utc_now())
    page = client.get(f"{home}/cohorts").text
    assert "Reckoned at" in page
    assert "hx-trigger" not in page.partition('id="reckoned"')[2]
    assert ask()["cohorts"]


def test_what_is_sensitive_names_nobody_to_those_who_only_look(shop, client, colleague, home, back):
    add_person(shop.database, "greta@gifts.example", "Greta", shop.workspace, role="viewer")
    people = f"{home}/cohorts/people?began={months_ago(3)}"
    assert colleague.get(people).status_code == 200
    with shop.tx() as tx:
        catalogue.save(tx, "first_order", Said(sensitive=True), utc_now())
    assert colleague.get(people).status_code == 403
    assert "/cohorts/people" not in colleague.get(f"{home}/cohorts").text
    assert client.get(people).status_code == 200
