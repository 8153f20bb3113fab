"""Lists that are found by words: pairs that may be one, what is set aside, whom a campaign wrote to, what was told."""

import re
from datetime import timedelta
from uuid import uuid4

import msgspec
import pytest
from tests.web.console_story import csrf

from regulars.hear import mapping_records, mappings
from regulars.hear.imports.plan import Plan
from regulars.measure import alert_records
from regulars.measure.alert_records import Alert
from regulars.remember import duplicates
from regulars.store import records
from regulars.words.clock import utc_now

PLAN = msgspec.convert({"what": "customers", "reading": {"format": "csv"}, "columns": {"email": "email"}}, Plan)


def button_back(page, path):
    """Whether a page has one explanation, and one way back to the whole list."""
    empty = re.findall(r'<div class="card empty">.*?</div>', page, re.DOTALL)
    return len(empty) == 1 and re.findall(r'href="([^"]*)"', empty[0]) == [path]


@pytest.fixture
def twins(shop, workspace):
    """Two pairs of customers who may be one: the Kalniņas, and the Hills."""
    now = utc_now()
    for user, name, address in (
        ("u-3", "Ieva K", "k@post.example"),
        ("u-4", "Tom Hill", "tom@hill.example"),
        ("u-5", "T. Hill", "t@hill.example"),
    ):
        with shop.tx() as tx:
            made = shop.meet(tx, user, name, address, now)
        same = {"u-3": "ieva@post.example", "u-5": "tom@hill.example"}.get(user)
        if same:
            with shop.tx() as tx:
                shop.say(tx, made, {"email": same}, now)
    shop.work()
    duplicates.seek(shop.database, workspace, now)


def test_pairs_are_found_by_the_name_or_address_of_either(client, home, twins):
    assert client.get(f"{home}/duplicates").text.count('class="both"') == 2
    for q, there, not_there in (("kalnina", "Ieva Kalniņa", "Tom Hill"), ("t@hill", "Tom Hill", "Ieva")):
        page = client.get(f"{home}/duplicates?q={q}").text
        assert page.count('class="both"') == 1
        assert there in page
        assert not_there not in page
        assert "1 pair waits" in page
    assert button_back(client.get(f"{home}/duplicates?q=nobody").text, f"{home}/duplicates")


@pytest.fixture
def aside(shop):
    """Three events in quarantine, two of them of one follower."""
    with shop.tx() as tx:
        found = records.list_events(tx, kind=None, before=None, limit=3)
        for event, follower, error in zip(
            found,
            ("facts", "facts", "consent"),
            ("ValueError: 100% wrong", "KeyError: nom", "KeyError: nom"),
            strict=True,
        ):
            records.quarantine(tx, follower, [(event.seq, event.identity_id)], error)
    return found


def test_what_is_set_aside_is_found_by_its_error_or_number(client, home, aside):
    def shown(query):
        return set(re.findall(rf'href="{home}/debugger/(\d+)"', client.get(f"{home}/health/quarantine?{query}").text))

    first, second, third = (str(event.seq) for event in aside)
    assert shown("") == {first, second, third}
    assert shown("q=keyerror") == {second, third}
    assert shown("q=KeyError&follower=facts") == {second}
    assert shown("q=100%25") == {first}
    assert shown("q=_") == set()
    assert first in shown(f"q={first}")
    assert button_back(client.get(f"{home}/health/quarantine?q=nothing").text, f"{home}/health/quarantine")


def test_all_that_is_run_again_is_what_the_search_shows(client, home, aside, shop):
    page = client.get(f"{home}/health/quarantine?q=keyerror").text
    assert '<input type="hidden" name="q" value="keyerror">' in page
    client.post(f"{home}/health/quarantine/aside", data={"csrf": csrf(page), "all": "1", "q": "keyerror"})
    with shop.tx() as tx:
        assert [one.error for one in records.list_quarantine(tx)] == ["ValueError: 100% wrong"]


def test_whom_a_campaign_wrote_to_is_found_as_customers_are(client, home, shop):
    people = f"{home}/campaigns/spring/people"
    for q in ("kalnina", "ieva@post", "u-1"):
        page = client.get(f"{people}?q={q}").text
        assert "Ieva Kalniņa" in page
        assert "1 customer<" in page
    page = client.get(f"{people}?q=kalnina&only=sent").text
    assert page.count('class="chip"') == 2
    assert "Ieva Kalniņa" in page
    for query in ("q=kalnina&only=failed", "q=小明", "only=failed"):
        assert button_back(client.get(f"{people}?{query}").text, people), query


def test_of_very_many_whom_a_campaign_wrote_to_all_are_read_on(client, home, shop):
    """The words find a hundred and twenty; each is on one part, the newest first."""
    now = utc_now()
    for n in range(120):
        with shop.tx() as tx:
            shop.meet(tx, f"m-{n}", f"Mara {n}", f"m{n}@post.example", now)
    shop.work()
    with shop.tx() as tx:
        tx.run(
            b"insert into speak_message (campaign, customer_id, due, intent_id) "
            b"select 'spring', min(i.identity_id), now(), 100000 + c.id from remember_customer c "
            b"join remember_identity i on i.customer_id = c.id where c.name like 'Mara%%' group by c.id"
        )
    told, here = [], f"{home}/campaigns/spring/people?q=mara"
    while here:
        page = client.get(here).text
        assert "120 customers" in page
        told += re.findall(r'">(Mara \d+)</a>', page)
        later = re.search(r'rel="next" href="([^"]+)"', page)
        here = later and later[1].replace("&amp;", "&")
    assert len(told) == len(set(told)) == 120


@pytest.fixture
def told(shop):
    """Two things that were told, one of them to Priya."""
    now = utc_now()
    with shop.tx() as tx:
        for n, (name, about, whom) in enumerate(
            (("work.silent", "", "owner@x.example"), ("quarantine", "facts", "priya@x.example"))
        ):
            alert = Alert(f"alert_{uuid4().hex}", now - timedelta(hours=n), "began", name, about, "act", now, DETAIL)
            alert_records.add_alert(tx, alert, [("mail", whom)])


DETAIL = {"count": 3, "newest": "ValueError"}


def test_what_was_told_is_found_by_what_it_says_or_whom_it_reached(client, home, told):
    whole = client.get(f"{home}/alerts").text
    assert "priya@x.example" in whole
    page = client.get(f"{home}/alerts?q=priya").text
    assert page.count('<p class="soft small"><time') == 1
    assert "owner@x.example:" not in page
    assert button_back(client.get(f"{home}/alerts?q=nothing-like-it").text, f"{home}/alerts")


def test_who_was_forgotten_is_found_by_number(client, home, shop):
    page = client.get(f"{home}/customers/{shop.customer}/forget").text
    client.post(
        f"{home}/customers/{shop.customer}/forget",
        data={"csrf": csrf(page), "number": str(shop.customer), "mode": "erase"},
    )
    there = f"Customer {shop.customer}<"
    assert there in client.get(f"{home}/erasures").text
    assert there in client.get(f"{home}/erasures?q={shop.customer}").text
    for q in (shop.customer + 1, "ieva", "9" * 40):
        page = client.get(f"{home}/erasures?q={q}").text
        assert there not in page
        assert button_back(page, f"{home}/erasures"), q


def test_mappings_are_found_by_name_and_many_are_deleted_and_taken_back(client, home, shop):
    with shop.tx() as tx:
        for name in ("Till", "Web shop", "Fair"):
            mappings.keep(tx, name, PLAN, "priya@gifts.example", utc_now())

    def kept():
        with shop.tx() as tx:
            return [one.name for one in mapping_records.list_mappings(tx)]

    page = client.get(f"{home}/imports?q=web").text
    assert "Web shop" in page
    assert "Till" not in page
    token = csrf(page)
    gone = client.post(
        f"{home}/deleted/mappings", data={"csrf": token, "pick:Till": "1", "pick:Fair": "1", "pick:x": "1"}
    )
    assert kept() == ["Web shop"]
    landed = client.get(gone.headers["location"]).text
    undo = re.search(r'action="([^"]*/undo/\d+)"', landed)[1]
    client.post(undo, data={"csrf": token})
    assert kept() == ["Fair", "Till", "Web shop"]
    nothing = client.post(f"{home}/deleted/mappings", data={"csrf": token})
    assert nothing.headers["location"] == f"{home}/imports"
