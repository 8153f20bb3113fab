"""The live debugger: what machines send shows by itself, what was not taken too, and what became of each."""

import json
from html import unescape

import pytest
from playwright.sync_api import expect
from tests.web.at_desk import at_desk
from tests.web.test_live import connected

from regulars.access.keys import create_key
from regulars.access.people import add_person
from regulars.loop.followers import FOLLOWERS, begin
from regulars.remember import catalogue
from regulars.remember.catalogue import Said
from regulars.store.dispatch import Dispatcher
from regulars.words.clock import utc_now

LIBRARY = {"library": {"name": "analytics-python", "version": "2.4.0"}}


@pytest.fixture
def send(stranger, house, workspace):
    """Send an event with the workspace's key for servers, which is called 'Shop'."""
    made = []

    def post(kind, **body):
        if not made:
            made.append(create_key(house.database, workspace, "write", "Shop"))
        answer = stranger.post(f"/v1/{kind}", json=body, auth=(made[0], ""))
        assert answer.status_code == 200
        return answer.json()

    return post


@pytest.fixture
def heard(send, house, workspace):
    """Two events that were taken and one that was not, which is kept aside by now."""
    send("identify", userId="u-1", traits={"name": "Ieva Kalniņa", "phone": "+371 29123456"}, context=LIBRARY)
    send("track", userId="u-1", event="Product Viewed", properties={"name": "Lantern"})
    send("track", userId="u-1", event="", context=LIBRARY)
    with house.database.workspace(workspace) as tx:
        begin(tx)
    Dispatcher(house.database, FOLLOWERS, lambda: [workspace], utc_now).catch_up([workspace])
    settle(house, workspace)


def settle(house, workspace):
    """Wait until what was rejected is written."""
    from time import sleep

    for _ in range(400):
        with house.database.workspace(workspace) as tx:
            if tx.connection.execute("select count(*) from hear_rejected").fetchone()[0]:
                return
        sleep(0.05)
    raise AssertionError("nothing was kept aside")


def test_an_empty_debugger_teaches_how_to_send(client, home):
    page = client.get(f"{home}/debugger").text
    assert "Nothing has arrived yet" in page
    assert "curl http://testserver.local/v1/track" in page
    assert "segment.analytics" in page
    assert "AnalyticsBrowser.load" in page


def test_it_shows_what_was_taken_and_what_was_not_and_why(client, home, heard):
    page = client.get(f"{home}/debugger").text.partition('id="arrived"')[2]
    assert page.index("event: a name of 1 to") < page.index("Product Viewed") < page.index("user:u-1")
    assert "Shop" in page
    assert "analytics-python, of Segment or RudderStack" in page


@pytest.mark.parametrize(
    ("query", "shown", "hidden"),
    [
        ("?taken=no", "event: a name", "user:u-1"),
        ("?taken=yes", "user:u-1", "event: a name"),
        ("?kind=Product+Viewed", "/debugger/2", '/debugger/1"'),
        ("?library=analytics-python", '/debugger/1"', "/debugger/2"),
        ("?key=999999", "Nothing like this arrived lately", "user:u-1"),
    ],
)
def test_it_is_narrowed_by_what_the_address_says(client, home, heard, query, shown, hidden):
    page = client.get(f"{home}/debugger{query}").text
    assert shown in page
    assert hidden not in page


def test_an_event_says_what_became_of_it(client, home, heard):
    page = client.get(f"{home}/debugger/1").text
    assert "user:u-1" in page
    assert "Ieva Kalniņa" in page
    assert "+371 29123456" in page
    assert "2.4.0" in page
    assert client.get(f"{home}/debugger/99").status_code == 404


def test_what_was_ignored_of_an_event_that_was_taken_is_told(client, home, send, stranger, house, workspace):
    ordered = {
        "order_id": "A-1",
        "total": "abc",
        "revenue": 12.5,
        "currency": "Pounds",
        "products": [{"product_id": "L-7", "price": "dear", "quantity": 2}, {"sort": "heart"}],
    }
    send("identify", userId="u-1", traits={"name": "Ieva", "shoe_size": 39})
    send("track", userId="u-1", event="Order Completed", properties=ordered)
    send("track", userId="u-1", event="Song Bought", properties={"total": "12.50", "title": "Blue"})
    send("track", userId="u-1", event="Order Completed", properties={"order_id": "A-2", "total": "12.50"})
    send("identify", userId="u-1", traits={"shoe_size": "large"})
    with house.database.workspace(workspace) as tx:
        begin(tx)
    Dispatcher(house.database, FOLLOWERS, lambda: [workspace], utc_now).catch_up([workspace])
    header = {"authorization": f"Bearer {create_key(house.database, workspace, 'read')}"}
    events = {n: stranger.get(f"/api/arrivals/{n}", headers=header).json()["outcome"] for n in range(1, 6)}
    assert [(one["property"], one["said"], one["why"]) for one in events[2]["ignored"]] == [
        ("total", '"abc"', "amount"),
        ("currency", '"Pounds"', "currency"),
        ("products[0].price", '"dear"', "amount"),
        ("products[1]", '{"sort":"heart"}', "product"),
    ]
    assert [one["property"] for one in events[3]["ignored"]] == ["total"]
    assert not [one for n in (1, 4, 5) for one in events[n]["ignored"]]
    assert [one["fits"] for n in (1, 5) for one in events[n]["learned"] if one["name"] == "shoe_size"] == [True, False]
    page = unescape(client.get(f"{home}/debugger/2").text)
    assert "The event counts. Of what it says, this was ignored:" in page
    assert 'total: "abc"</code> – no amount that can be read' in page
    assert "no number that can be money, or sent as a text" in client.get(f"{home}/debugger/3").text
    assert "only its words are kept" in client.get(f"{home}/debugger/5").text
    assert "this was ignored" not in client.get(f"{home}/debugger/4").text
    rows = client.get(f"{home}/debugger").text.split('<li id="taken-')
    assert {row.partition('"')[0] for row in rows if "taken, not all understood" in row} == {"2", "3"}


def test_what_is_sensitive_is_veiled_in_what_was_ignored_too(client, home, send, house, workspace, colleague):
    send("identify", userId="u-1", traits={"diagnosis": "hay fever"})
    send("track", userId="u-1", event="Order Completed", properties={"products": [{"diagnosis": "diabetes"}]})
    send("track", userId="u-1", event="Order Completed", properties={"total": "abc"})
    with house.database.workspace(workspace) as tx:
        begin(tx)
    Dispatcher(house.database, FOLLOWERS, lambda: [workspace], utc_now).catch_up([workspace])
    with house.database.workspace(workspace) as tx:
        catalogue.save(tx, "diagnosis", Said(sensitive=True), utc_now())
    add_person(house.database, "greta@gifts.example", "Greta", workspace, role="viewer")
    assert unescape(client.get(f"{home}/debugger/2").text).count("diabetes") == 2
    page = unescape(colleague.get(f"{home}/debugger/2").text)
    assert "diabetes" not in page
    assert "products[0]: •••</code> – names no product" in page
    assert 'total: "abc"' in unescape(colleague.get(f"{home}/debugger/3").text)


def test_what_was_not_taken_is_shown_as_it_was_sent(client, home, heard):
    row = client.get(f"{home}/debugger?taken=no").text.partition("/debugger/rejected/")[2].partition('"')[0]
    page = client.get(f"{home}/debugger/rejected/{row}").text
    assert "event: a name of 1 to" in page
    assert "&#34;userId&#34;: &#34;u-1&#34;" in page
    assert client.get(f"{home}/debugger/rejected/999999").status_code == 404


def test_a_program_sees_the_same(stranger, house, workspace, heard):
    header = {"authorization": f"Bearer {create_key(house.database, workspace, 'read')}"}
    first = stranger.get("/api/arrivals?limit=2", headers=header).json()
    assert (first["total"], [one["taken"] for one in first["items"]]) == (3, [False, True])
    rest = stranger.get("/api/arrivals", params={"limit": 2, "cursor": first["next"]}, headers=header).json()
    assert ([one["kind"] for one in rest["items"]], rest["next"]) == (["identify"], None)
    found = stranger.get("/api/arrivals/1", headers=header).json()
    assert found["outcome"]["customer"] == "Ieva Kalniņa"
    assert {one["name"] for one in found["outcome"]["learned"]} >= {"name", "phone"}
    assert found["outcome"]["waiting"] == []
    rejected = stranger.get(f"/api/rejected/{first['items'][0]['number']}", headers=header).json()
    assert json.loads(rejected["said"])["userId"] == "u-1"
    none = stranger.get("/api/arrivals?taken=no&library=other", headers=header).json()
    assert none == {"items": [], "total": 0, "next": None}


@pytest.mark.browser
def test_what_arrives_shows_by_itself(browser, address, house, workspace, home, send):
    with at_desk(browser, address, house, workspace, 1440) as page:
        page.goto(f"{address}{home}/debugger")
        expect(page.get_by_role("heading", name="Nothing has arrived yet")).to_be_visible()
        connected(page)
        send("track", userId="u-1", event="Product Viewed")
        house.waker.poke(workspace)
        expect(page.locator("#arrived > li")).to_have_count(1)
        expect(page.locator("#arrived > li").first).to_contain_text("Product Viewed")
        send("track", userId="u-1", event="")
        expect(page.locator("#arrived > li")).to_have_count(2)
        expect(page.locator("#arrived > li").first).to_contain_text("event: a name of 1 to 200 characters is needed.")
