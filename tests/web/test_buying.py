"""How customers buy, on the console and for programs: the same numbers, with the people behind them."""

import re
from datetime import timedelta
from html import unescape

import msgspec
import pytest

from regulars.access.keys import create_key
from regulars.access.people import add_person
from regulars.client.areas.buying import BuyingPeople
from regulars.hear.identities import intern
from regulars.remember import catalogue
from regulars.remember.catalogue import Said
from regulars.store.log import NewEvent, append
from regulars.understand import buyers
from regulars.words.clock import utc_now


@pytest.fixture
def sold(shop):
    shop.sell()
    return shop


@pytest.fixture
def ask(client, sold):
    headers = {"Authorization": f"Bearer {create_key(sold.database, sold.workspace, 'read')}"}

    def asked(path, **query):
        answer = client.get(f"/api/buying/{path}", params=query, headers=headers)
        assert answer.status_code == 200, answer.text
        return answer.json()

    return asked


def test_before_anybody_buys_the_pages_say_what_will_stand_there(client, home, workspace):
    for path in ("/buying", "/buying/months"):
        assert "Nobody has bought anything yet" in client.get(f"{home}{path}").text


def test_every_square_leads_to_the_customers_it_counts(client, home, ask):
    page = client.get(f"{home}/buying").text
    cells = ask("cells")
    assert cells["found"]["customers"] == sum(one["customers"] for one in cells["cells"]) == 8
    for one in cells["cells"]:
        where = f"recency={one['recency']}&amp;frequency={one['frequency']}"
        assert f'/buying/people?{where}">{one["customers"]}</a>' in page
        people = ask("people", recency=one["recency"], frequency=one["frequency"])["items"]
        assert len(people) == one["customers"]
        shown = client.get(f"{home}/buying/people?recency={one['recency']}&frequency={one['frequency']}").text
        for person in people:
            assert f'href="{home}/customers/{person["customer_id"]}"' in shown
        assert "in the currency of most of them" in shown


def test_who_bought_alike_or_is_at_a_stage_is_found_as_customers_are(client, home, ask):
    everybody = ask("stages/people", stage="purchase", category="Candles")["items"]
    (one,) = ask("stages/people", stage="purchase", category="Candles", q="buyer-3")["items"]
    assert one in everybody
    where = [{name: cell[name] for name in ("recency", "frequency")} for cell in ask("cells")["cells"]]
    (cell,) = [here for here in where if ask("people", **here, q="buyer-3")["items"]]
    for path, asked in (("people", cell), ("stage", {"stage": "purchase", "category": "Candles"})):
        page = client.get(f"{home}/buying/{path}", params=asked | {"q": "buyer-3"}).text
        assert set(re.findall(rf'href="{home}/customers/(\d+)"', page)) == {str(one["customer_id"])}
        nobody = client.get(f"{home}/buying/{path}", params=asked | {"q": "nobody"}).text
        assert "Nobody of them matches this" in nobody
        back = unescape(re.search(r'href="([^"]+)">Show all of them', nobody)[1])
        assert f'{home}/customers/{one["customer_id"]}"' in client.get(back).text


def test_a_list_of_people_is_read_on(ask):
    (cell, *_) = sorted(ask("cells")["cells"], key=lambda one: -one["customers"])
    where = {"recency": cell["recency"], "frequency": cell["frequency"]}
    whole = ask("people", **where)
    first = ask("people", **where, limit=1)
    rest = ask("people", **where, cursor=first["next"])
    assert [*first["items"], *rest["items"]] == whole["items"]


def test_the_client_reads_who_pays_in_a_currency_of_few(ask, sold):
    with sold.tx() as tx:
        lone = intern(tx, [("user", "lone")])["user", "lone"]
        told = {"order_id": "lone", "total": 9, "currency": "EUR"}
        append(tx, [NewEvent(lone, utc_now(), "Order Completed", msgspec.json.encode(told))])
    sold.work()
    buyers.make_anew(sold.database, sold.workspace, utc_now() + timedelta(hours=3))
    where = [
        {key: one[key] for key in ("recency", "frequency")} for one in ask("cells")["cells"] if "EUR" in one["net"]
    ]
    people = msgspec.convert(ask("people", **where[0]), BuyingPeople).items
    assert {one.customer_id: one.money for one in people}[lone] is None
    assert {one.money for one in people if one.currency == "GBP"} <= set(range(1, 6))


def test_there_are_five_fifths(client, home, sold):
    assert client.get(f"{home}/buying/people?recency=6&frequency=1").status_code == 404
    headers = {"Authorization": f"Bearer {create_key(sold.database, sold.workspace, 'read')}"}
    query = {"recency": 0, "frequency": 1}
    assert client.get("/api/buying/people", params=query, headers=headers).status_code == 400


def test_a_month_says_who_was_new_and_what_they_spent(client, home, ask):
    months = ask("months")["months"]
    whole, pounds = months[:2]
    assert (whole["currency"], whole["new_customers"], whole["returning_customers"], whole["new_net"]) == (
        None,
        8,
        0,
        0,
    )
    assert (pounds["currency"], pounds["new_orders"], pounds["new_net"]) == ("GBP", 14, 2 * 2340 + 12 * 900)
    page = client.get(f"{home}/buying/months").text
    assert "£154.80" in page


def test_the_numbers_lead_to_a_segment(client, home, sold):
    page = client.get(f"{home}/buying").text
    link = page.split(">A segment of the best<")[0].rpartition('href="')[2].rstrip('"')
    composer = client.get(link.replace("&amp;", "&")).text
    assert "rfm_recency" in composer


def test_stages_lead_to_who_is_at_them_and_to_a_segment(client, home, ask):
    stages = {one["category"]: one for one in ask("stages")["categories"]}
    assert stages["Candles"]["purchase"] == stages["Vases"]["purchase"] == 6
    page = client.get(f"{home}/buying/stages").text
    assert f'{home}/buying/stage?stage=purchase&amp;category=Candles">6</a>' in page
    people = ask("stages/people", stage="purchase", category="Candles")["items"]
    shown = client.get(f"{home}/buying/stage?stage=purchase&category=Candles").text
    assert len(people) == 6
    assert all(f'href="{home}/customers/{one["customer_id"]}"' in shown for one in people)
    link = shown.split(">Make a segment of these<")[0].rpartition('href="')[2].rstrip('"').replace("&amp;", "&")
    assert "who are buying of “Candles”" in client.get(link).text
    assert "Nobody is here now" in client.get(f"{home}/buying/stage?stage=intent&category=Candles").text
    assert client.get(f"{home}/buying/stage?stage=love&category=Candles").status_code == 400


def test_products_that_enough_bought_have_a_kind(client, home, ask):
    found = ask("products")
    assert {one["product"] for one in found["products"]} == {"C-1", "L-7", "V-1"}
    assert {one["kind"] for one in found["products"]} == {""}
    assert ask("products", only="compared")["products"] == []
    page = client.get(f"{home}/buying/products").text
    assert f'href="{home}/product?number=V-1"' in page
    assert "Glass vase" not in client.get(f"{home}/buying/products?kind=standard").text


@pytest.mark.parametrize(
    ("fact", "page"),
    [
        ("rfm_money", "/buying/people?recency=5&frequency=5"),
        ("stage_purchase", "/buying/stage?stage=purchase&category=Candles"),
    ],
)
def test_what_is_sensitive_names_nobody_to_those_who_only_look(sold, client, colleague, home, fact, page):
    add_person(sold.database, "greta@gifts.example", "Greta", sold.workspace, role="viewer")
    assert colleague.get(f"{home}{page}").status_code == 200
    with sold.tx() as tx:
        catalogue.save(tx, fact, Said(sensitive=True), utc_now())
    assert colleague.get(f"{home}{page}").status_code == 403
    assert client.get(f"{home}{page}").status_code == 200
