"""Customers who may be one, looked at side by side; and the rules by which records are joined, read and changed."""

import re
from contextlib import contextmanager

import pytest
from tests.web.console_story import csrf
from tests.web.noted import noted_in, said

from regulars.access.keys import create_key
from regulars.access.people import add_person, make_login_link
from regulars.hear.identities import find
from regulars.remember import duplicates, ruling
from regulars.remember.customers import customer_of
from regulars.remember.heard import Rules
from regulars.words.clock import utc_now


@pytest.fixture
def pairs(shop, database, workspace):
    """Two pairs: who shares an address with the customer of the story, and two with one phone."""
    now = utc_now()
    with shop.tx() as tx:
        twin = shop.meet(tx, "u-3", "Ieva K", "ieva.k@post.example", now)
    with shop.tx() as tx:
        shop.say(tx, twin, {"email": "ieva@post.example"}, now)
        for user in ("u-4", "u-5"):
            shop.say(
                tx, shop.meet(tx, user, f"Name {user}", f"{user}@post.example", now), {"phone": "+37120000000"}, now
            )
    shop.work()
    duplicates.seek(database, workspace, now)
    with shop.tx() as tx:
        return [(one.one.customer.id, one.other.customer.id) for one in duplicates.look(tx, now)]


@pytest.fixture
def decide(client, home, shop):
    def post(**fields):
        token = csrf(client.get(f"{home}/customers/{shop.customer}").text)
        answer = client.post(f"{home}/duplicates", data={"csrf": token, **fields})
        shop.work()
        return client.get(answer.headers["location"]).text

    return post


def test_where_nobody_resembles_anybody_the_page_says_what_it_looks_for(client, home, shop):
    page = client.get(f"{home}/duplicates").text
    assert "Nobody looks like somebody else" in page
    assert "Every hour we look for" in page


def test_a_pair_stands_side_by_side_is_joined_and_that_is_taken_back(
    client, home, shop, house, workspace, pairs, decide
):
    page = client.get(f"{home}/duplicates").text
    assert "the same e-mail address" in page
    assert "the same phone number" in page
    (one, other), second = pairs
    page = decide(do=f"join:{one}-{other}")
    assert "1 pair is one customer now" in page
    assert f"{one}-{other}" not in page
    assert f"{second[0]}-{second[1]}" in page
    with shop.tx() as tx:
        assert customer_of(tx, one) == customer_of(tx, other)
    undo = re.search(r'action="([^"]+/undo/\d+)"', page)[1]
    duplicates.seek(house.database, workspace, utc_now())
    client.post(undo, data={"csrf": csrf(page)})
    shop.work()
    with shop.tx() as tx:
        assert customer_of(tx, one) != customer_of(tx, other)
    assert f"{one}-{other}" in client.get(f"{home}/duplicates").text
    assert f"{one}-{other}" not in decide(do=f"apart:{one}-{other}")
    duplicates.seek(house.database, workspace, utc_now())
    assert f"{one}-{other}" not in client.get(f"{home}/duplicates").text
    assert ("duplicates.decided", "", "") in said(noted_in(house, workspace))


def test_who_only_looks_is_shown_the_ends_of_addresses(client, stranger, home, house, workspace, pairs):
    assert "ieva.k@post.example" in client.get(f"{home}/duplicates").text
    add_person(house.database, f"viewer@{workspace}.example", "Vic", workspace, role="viewer")
    stranger.post(f"/console/login/{make_login_link(house.database, f'viewer@{workspace}.example', utc_now())}")
    page = stranger.get(f"{home}/duplicates").text
    assert "i…@post.example" in page
    assert "ieva.k@post.example" not in page
    assert "+37120000000" not in page


def test_several_are_decided_at_once_and_later_is_asked_again(client, home, shop, pairs, decide):
    ticked = {f"pick:{one}-{other}": "1" for one, other in pairs}
    page = decide(do="later", **ticked)
    assert "2 pairs come back in 30 days" in page
    undo = re.search(r'action="([^"]+/undo/\d+)"', page)[1]
    client.post(undo, data={"csrf": csrf(page)})
    page = decide(do="apart", **ticked)
    assert "2 pairs are told apart" in page
    assert "Nobody looks like somebody else" in page


def test_the_rules_are_tried_before_they_are_changed(client, home, shop):
    path = f"{home}/duplicates/rules"
    page = client.get(path).text
    given = {"csrf": csrf(page), "email": "weak", "phone": "strong", "devices": "2"}
    tried = client.post(path, data={**given, "do": "try"})
    assert (tried.status_code, "What would change" in tried.text) == (200, True)
    with shop.tx() as tx:
        assert ruling.rules_now(tx) == Rules()
    assert client.post(path, data={**given, "do": "save"}).status_code == 303
    shop.work()
    with shop.tx() as tx:
        assert ruling.rules_now(tx) == Rules("weak", "strong", 2)
    assert "address: shared" in client.get(path).text
    refused = client.post(path, data={**given, "do": "save", "phone": "weak", "devices": "many"})
    assert refused.status_code == 400
    assert re.search(r'name="phone"[^>]*value="weak"[^>]*checked', refused.text)


def test_the_rules_take_one_connection_at_a_time(client, home, shop, house, monkeypatch):
    open_now, most = [], []
    workspace = house.database.workspace

    @contextmanager
    def counted(*args, **named):
        with workspace(*args, **named) as tx:
            open_now.append(tx)
            most.append(len(open_now))
            yield tx
            open_now.pop()

    path = f"{home}/duplicates/rules"
    monkeypatch.setattr(house.database, "workspace", counted)
    given = {"csrf": csrf(client.get(path).text), "email": "weak", "phone": "strong", "devices": "2", "do": "try"}
    assert client.post(path, data=given).status_code == 200
    assert max(most) == 1


def test_the_api_lists_them_postpones_and_keeps_the_rules(client, shop, house, workspace, pairs):
    key = {"authorization": f"Bearer {create_key(house.database, workspace, 'admin')}"}
    first = client.get("/api/duplicates?limit=1", headers=key).json()
    rest = client.get(f"/api/duplicates?limit=1&cursor={first['next']}", headers=key).json()
    assert first["total"] == 2
    assert [one["reasons"] for one in (*first["items"], *rest["items"])] == [["email"], ["phone"]]
    one, other = pairs[0]
    client.post("/api/duplicates/later", headers=key, json={"one": one, "other": other})
    assert client.get("/api/duplicates", headers=key).json()["total"] == 1
    tried = client.post("/api/identity-rules/try", headers=key, json={"email": "weak"}).json()
    assert tried["customers_now"] <= tried["customers_then"]
    client.put("/api/identity-rules", headers=key, json={"devices": 0})
    shop.work()
    assert client.get("/api/identity-rules", headers=key).json()["rules"]["devices"] == 0
    assert client.put("/api/identity-rules", headers=key, json={"devices": 9}).status_code == 400


def test_with_devices_that_join_nobody_a_visitor_stays_apart(shop, client, home):
    with shop.tx() as tx:
        ruling.change(tx, Rules(devices=0), utc_now())
    visitor = shop.merge("kiosk")
    with shop.tx() as tx:
        assert customer_of(tx, visitor) == visitor
        assert customer_of(tx, find(tx, ("user", "u-1"))) == shop.customer
