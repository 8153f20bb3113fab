"""How somebody is asked to be forgotten: in the console, by the API, and by the customer on their own page."""

import re
from io import BytesIO
from zipfile import ZipFile

import msgspec
import pytest
from tests.web.console_story import csrf

from regulars.access.keys import create_key
from regulars.access.links import Link
from regulars.engage import forms, responses
from regulars.remember import customers
from regulars.store.log import NewEvent, append
from regulars.web.gone_records import STEPS
from regulars.wiring import forgetting_of
from regulars.words.clock import utc_now


def carry_out(shop):
    return forgetting_of(shop.house, STEPS).carry_out_next(shop.workspace)


def is_there(shop):
    with shop.tx() as tx:
        return customers.customer_of(tx, shop.customer) is not None


def test_the_console_asks_once_by_typing_and_then_shows_how_far_it_is(shop, client, home):
    path = f"{home}/customers/{shop.customer}/forget"
    page = client.get(path)
    assert f"number to do it: {shop.customer}" in page.text
    field = {"csrf": csrf(page.text), "mode": "erase"}
    assert client.post(path, data=field | {"number": "12345"}).status_code == 400
    assert carry_out(shop) is None
    done = client.post(path, data=field | {"number": str(shop.customer)})
    assert done.headers["location"] == f"{home}/erasures"
    assert "waiting for a work process" in client.get(f"{home}/erasures").text
    assert "being forgotten already" in client.get(path).text
    carry_out(shop)
    page = client.get(f"{home}/erasures").text
    assert "asked for by the team" in page
    assert re.search(r"\d+ rows let go of", page)
    assert client.get(f"{home}/customers/{shop.customer}").status_code == 404
    for one in ("", "/campaigns/spring/people", "/forms/gift-quiz", "/mailbox", "/audit", "/health"):
        assert client.get(f"{home}{one}").status_code == 200


def test_the_api_asks_and_says_how_far_it_is(shop, stranger):
    key = create_key(shop.database, shop.workspace, "admin")
    head = {"authorization": f"Bearer {key}"}
    asked = stranger.post("/api/customers/user:u-1/erasure", json={"mode": "anonymise"}, headers=head)
    assert asked.status_code == 201
    again = stranger.post("/api/customers/user:u-1/erasure", json={"mode": "anonymise"}, headers=head)
    assert again.json()["id"] == asked.json()["id"]
    assert stranger.post("/api/customers/user:u-1/erasure", json={}, headers=head).status_code == 409
    carry_out(shop)
    assert stranger.get(f"/api/erasures/{asked.json()['id']}", headers=head).json()["state"] == "done"
    assert [one["mode"] for one in stranger.get("/api/erasures", headers=head).json()["items"]] == ["anonymise"]
    assert stranger.get("/api/customers/user:u-1", headers=head).status_code == 404


def test_whoever_has_a_fresh_link_has_themselves_forgotten(shop, stranger):
    links = shop.house.links
    link = Link(shop.workspace, shop.customer)
    old, own = links.sign(link), links.sign_own(link)
    assert stranger.post(f"/me/{old}/forget-me", data={"sure": "yes"}).status_code == 303
    assert stranger.post(f"/me/{own}/forget-me", data={}).headers["location"] == f"/me/{own}?done=unsure"
    assert carry_out(shop) is None
    assert stranger.post(f"/me/{own}/forget-me", data={"sure": "yes"}).status_code == 303
    assert "We are forgetting you" in stranger.get(f"/me/{own}").text
    assert carry_out(shop).by_customer
    assert not is_there(shop)
    for path in (f"/me/{own}", f"/me/{old}", f"/u/{old}"):
        page = stranger.get(path)
        assert page.status_code == 403
        assert "was forgotten" in page.text
    assert stranger.post(f"/u/{old}", data={}).status_code == 403


def test_the_team_takes_everything_of_one_customer_along_with_segments_and_looks(shop, client, home):
    client.get(f"{home}/customers/{shop.customer}")
    made = client.get(f"{home}/customers/{shop.customer}/everything.zip")
    with ZipFile(BytesIO(made.content)) as archive:
        told = msgspec.json.decode(archive.read("everything.json"))
        assert "facts.csv" in archive.namelist()
    assert told["segments"] == [{"segment": "for-mothers"}]
    assert {"customer.seen"} <= {one["what"] for one in told["looked_at"]}
    assert "owner@" not in made.text
    assert {fact["name"] for fact in told["facts"]} >= {"gift_for", "whose"}


def test_orders_and_answers_that_were_not_finished_are_taken_along(shop, client, home):
    with shop.tx() as tx:
        bought = {"order_id": "o-77", "total": 12.5, "currency": "EUR"}
        append(tx, [NewEvent(shop.customer, utc_now(), "Order Completed", msgspec.json.encode(bought))])
        form = forms.get_form(tx, "gift-quiz")
        begun = responses.start(tx, form, responses.Who(shop.customer, verified=True), utc_now())
        responses.answer(tx, form, begun, form.survey.question("whose"), "Half-said")
    shop.work()
    made = client.get(f"{home}/customers/{shop.customer}/everything.zip")
    with ZipFile(BytesIO(made.content)) as archive:
        told = msgspec.json.decode(archive.read("everything.json"))
    assert ("o-77", 1250, "EUR") in [(one["id"], one["total"], one["currency"]) for one in told["orders"]]
    assert [one["answers"]["whose"] for one in told["unfinished_answers"]] == ["Half-said"]


@pytest.mark.parametrize("mode", ["erase", "anonymise"])
def test_nothing_of_the_house_breaks_where_they_were(shop, client, home, mode):
    page = client.get(f"{home}/customers/{shop.customer}/forget")
    field = {"csrf": csrf(page.text), "mode": mode, "number": str(shop.customer)}
    client.post(f"{home}/customers/{shop.customer}/forget", data=field)
    carry_out(shop)
    shop.work()
    people = client.get(f"{home}/campaigns/spring/people").text
    assert "Ieva" not in people
    with shop.tx() as tx:
        messages = [row[0] for row in tx.connection.execute("select id from speak_message").fetchall()]
        newest = customers.search(tx).customers[0].id
    gone = [page.text for m in messages if (page := client.get(f"{home}/messages/{m}")).status_code == 404]
    assert len(gone) == (1 if mode == "erase" else 0)
    assert all("this message went to was forgotten" in page for page in gone)
    assert client.get(f"{home}/customers/{newest}").status_code == 200
