"""Who is who, over HTTP: what joins, what never does, and how the team undoes it, on a page and by the API."""

import base64
import re
from datetime import timedelta

import pytest
from tests.web.console_story import csrf
from tests.web.noted import noted_in, said

from regulars.access.keys import create_key
from regulars.hear.identities import find
from regulars.loop.followers import FOLLOWERS, begin
from regulars.remember.consents import Changed, changed
from regulars.remember.customers import customer_of
from regulars.remember.facts import current
from regulars.store.dispatch import Dispatcher
from regulars.store.log import append
from regulars.words.clock import utc_now


@pytest.fixture
def merged(shop):
    return shop.merge("phone-1")


@pytest.fixture
def act(client, home, shop):
    """Post to the customer's page as its own forms do, and let the followers go on."""

    def post(what, customer=None, **fields):
        path = f"{home}/customers/{customer or shop.customer}"
        answer = client.post(f"{path}/{what}", data={"csrf": csrf(client.get(path).text), **fields})
        shop.work()
        return answer

    return post


def customer(shop, kind, value):
    with shop.tx() as tx:
        identity = find(tx, (kind, value))
        return None if identity is None else customer_of(tx, identity)


def merge_of(page):
    found = re.search(r'name="seq" value="(\d+)"><input type="hidden" name="other" value="(\d+)"', page)
    return {"seq": found[1], "other": found[2]}


def test_a_merge_is_undone_on_the_customers_page_and_the_undo_too(client, home, shop, house, workspace, merged, act):
    page = client.get(f"{home}/customers/{shop.customer}").text
    assert "Joined from" in page
    landed = act("split", **merge_of(page)).headers["location"]
    assert customer(shop, "anonymous", "phone-1") == merged
    assert customer(shop, "user", "u-1") == shop.customer
    page = client.get(landed).text
    assert "is undone: they are two customers again" in page
    assert "Not the same as" in page
    assert "Joined from" not in page
    undo = re.search(r'action="([^"]+/undo/\d+)"', page)[1]
    client.post(undo, data={"csrf": csrf(page)})
    shop.work()
    assert customer(shop, "anonymous", "phone-1") == shop.customer
    assert ("customer.split", "customer", str(shop.customer)) in said(noted_in(house, workspace))


def test_the_same_link_after_an_undo_joins_nobody_and_a_person_does(client, home, shop, merged, act):
    act("split", **merge_of(client.get(f"{home}/customers/{shop.customer}").text))
    shop.merge("phone-1")
    assert customer(shop, "anonymous", "phone-1") == merged
    landed = act("join", other=str(merged)).headers["location"]
    assert "one customer now" in client.get(landed).text
    assert customer(shop, "anonymous", "phone-1") == shop.customer


def test_two_customers_are_joined_by_an_address_and_told_apart(client, home, shop, act):
    other = customer(shop, "user", "u-2")
    assert act("apart", other=str(other)).status_code == 303
    page = client.get(f"{home}/customers/{shop.customer}").text
    assert "Not the same as" in page
    assert "王小明" in page
    act("join", other="ming@post.example")
    assert customer(shop, "user", "u-1") == customer(shop, "user", "u-2")
    refused = act("join", other="nobody@post.example")
    assert (refused.status_code, 'value="nobody@post.example"' in refused.text) == (400, True)


def test_an_undo_pressed_twice_says_so(client, home, shop, merged, act):
    given = merge_of(client.get(f"{home}/customers/{shop.customer}").text)
    act("split", **given)
    answer = act("split", **given)
    assert (answer.status_code, "undone already" in answer.text) == (404, True)


def test_the_api_does_the_same(client, shop, house, workspace, merged):
    key = {"authorization": f"Bearer {create_key(house.database, workspace, 'admin')}"}
    merges = client.get("/api/customers/user:u-1/merges", headers=key).json()["items"]
    assert [(one["kind"], one["one_value"], one["other_value"]) for one in merges] == [("identify", "u-1", "phone-1")]
    split = client.post("/api/customers/user:u-1/split", headers=key, json={"identity": "anonymous:phone-1"})
    assert split.json() == {"one": shop.customer, "other": merged}
    shop.work()
    assert client.get("/api/customers/anonymous:phone-1", headers=key).json()["customer"]["id"] == merged
    apart = client.get("/api/customers/user:u-1/apart", headers=key).json()["items"]
    assert [one["customer_id"] for one in apart] == [merged]
    again = client.post("/api/customers/user:u-1/split", headers=key, json={"identity": "anonymous:phone-1"})
    assert again.status_code == 404
    client.post("/api/customers/user:u-1/join", headers=key, json={"other": "anonymous:phone-1"})
    shop.work()
    assert client.get("/api/customers/anonymous:phone-1", headers=key).json()["customer"]["id"] == shop.customer


@pytest.fixture
def send(stranger, house, workspace):
    """Send calls of the protocol in one batch, and let the followers take them in."""
    with house.database.workspace(workspace) as tx:
        begin(tx)

    def post(*calls, scope="write", refused=()):
        key = create_key(house.database, workspace, scope)
        header = {"authorization": "Basic " + base64.b64encode(f"{key}:".encode()).decode()}
        answer = stranger.post("/v1/batch", json={"batch": list(calls)}, headers=header)
        assert answer.status_code == 200
        assert [one["index"] for one in answer.json().get("rejected", [])] == list(refused)
        Dispatcher(house.database, FOLLOWERS, lambda: [workspace], utc_now).catch_up([workspace])

    return post


@pytest.fixture
def whose(house, workspace):
    def ask(kind, value):
        with house.database.workspace(workspace) as tx:
            identity = find(tx, (kind, value))
            return None if identity is None else customer_of(tx, identity)

    return ask


def identify(user, browser, **traits):
    return {"type": "identify", "userId": user, "anonymousId": browser, "traits": traits}


def seen(browser):
    return {"type": "page", "anonymousId": browser, "name": "Home"}


def test_who_logs_in_on_another_ones_browser_swallows_nobody(send, whose):
    send(seen("b"), identify("anna", "b", name="Anna"), identify("boris", "b", name="Boris"), seen("b"))
    assert whose("anonymous", "b") == whose("user", "anna") != whose("user", "boris")
    send({"type": "alias", "previousId": "anna", "userId": "boris"})
    assert whose("user", "anna") != whose("user", "boris")
    send({"type": "alias", "previousId": "b", "userId": "boris"})
    assert whose("anonymous", "b") == whose("user", "anna") != whose("user", "boris")


def test_after_a_log_out_that_resets_the_browser_the_next_one_is_somebody_else(send, whose):
    send(seen("b1"), identify("anna", "b1"), seen("b2"), identify("boris", "b2"))
    assert whose("anonymous", "b1") == whose("user", "anna")
    assert whose("anonymous", "b2") == whose("user", "boris") != whose("user", "anna")


def test_an_alias_joins_the_visitor_to_the_user_it_became(send, whose):
    send(seen("b"), {"type": "alias", "previousId": "b", "userId": "anna"})
    assert whose("anonymous", "b") == whose("user", "anna")


def test_an_alias_takes_no_visitor_for_the_user_before_that_a_stranger_has_guessed(send, whose):
    send(seen("4711"), seen("anna@post.example"), seen(UUID), scope="browser")
    send(
        {"type": "alias", "previousId": "4711", "userId": "anna"},
        {"type": "alias", "previousId": "anna@post.example", "userId": "anna"},
        {"type": "alias", "previousId": UUID, "userId": "anna"},
        {"type": "alias", "previousId": "4712", "userId": "anna"},
        {"type": "alias", "previousId": "4712", "userId": "anna"},
        refused=[0, 1],
    )
    assert whose("anonymous", UUID) == whose("anonymous", "4712") == whose("user", "anna")
    assert whose("user", "anna") not in {whose("anonymous", "4711"), whose("anonymous", "anna@post.example")}
    send({"type": "alias", "previousId": "4711", "anonymousId": "4711", "userId": "anna"})
    assert whose("anonymous", "4711") == whose("user", "anna")


UUID = "0b1f3c52-6a54-4c1e-9d5e-2f2f7a0f9a11"


def test_a_public_key_joins_nobody_and_puts_no_words_into_anybodys_mouth(send, whose, house, workspace):
    send(identify("anna", "a", email="anna@post.example", name="Anna"))
    anna = whose("user", "anna")
    send(
        identify("anna", "x", email="anna@post.example", name="Not Anna", size=44),
        {"type": "identify", "userId": "boris", "anonymousId": "a", "traits": {"phone": "+37120000001"}},
        {"type": "alias", "previousId": "a", "userId": "x", "anonymousId": "x"},
        {"type": "alias", "previousId": "anna", "userId": "boris", "anonymousId": "x"},
        {"type": "track", "anonymousId": "x", "userId": "anna", "event": "Said so"},
        scope="browser",
    )
    assert whose("anonymous", "x") not in {None, anna}
    assert whose("user", "boris") is None
    with house.database.workspace(workspace) as tx:
        assert {fact.name: fact.words for fact in current(tx, anna) if fact.source != "did" and fact.verified} == {
            "email": "anna@post.example",
            "name": "Anna",
        }


def test_a_no_of_one_record_stays_a_no_when_it_is_joined_with_anothers_yes(client, home, shop, merged):
    now = utc_now()
    with shop.tx() as tx:
        browser, other = find(tx, ("anonymous", "phone-1")), find(tx, ("user", "u-1"))
        for who, granted, words, at in (
            (browser, False, "Please do not write to me", now - timedelta(days=1)),
            (other, True, "Yes, write to me", now),
        ):
            append(tx, [changed(who, at, Changed("marketing", "sms", granted, words))])
    shop.work()
    page = client.get(f"{home}/customers/{shop.customer}").text.partition('id="consents"')[2]
    assert re.search(r'pill bad">no</span>[^<]*<p><q>Please do not write to me', page)
    assert "Yes, write to me</q>" not in page
