"""What is bought together on the console and for programs: in words, narrowed in the address, and read on."""

import re

import msgspec
import pytest

from regulars.access.keys import create_key
from regulars.store.log import NewEvent, append
from regulars.words.clock import utc_now

SENTENCE = "Of 100 orders with Six candles, 100 have Paper lantern, too: 1.8 times as many as of all."


@pytest.fixture
def sold(shop):
    shop.sell()
    return shop


def test_before_anything_is_known_the_page_says_what_will_stand_there(client, home):
    page = client.get(f"{home}/together").text
    assert "Nothing is bought together yet" in page
    assert "five customers" in page


def test_what_four_customers_bought_is_not_said(client, home, shop):
    shop.sell(customers=4)
    assert "Nothing is bought together yet" in client.get(f"{home}/together").text


def test_a_pair_is_said_in_words_and_drawn_beside_what_is_chance(client, home, sold):
    page = client.get(f"{home}/together").text
    assert SENTENCE in page
    assert "1 group of products" in page
    chart = page.split("Who buys Paper lantern")[1].split("</table>")[0]
    for words in ("Six candles", "75%", "by chance 43%"):
        assert words in chart
    assert f'href="{home}/buying"' in page.split('<main id="main">')[0]


def test_the_list_is_narrowed_in_the_address(client, home, sold):
    chosen = client.get(f"{home}/together?product=C-1").text
    assert "Who buys Six candles" in chosen
    assert SENTENCE in client.get(f"{home}/together?q=candl&by=orders&only=pairs").text
    for nothing in ("q=vase", "only=more", "lift=20", "product=V-1"):
        assert "Nothing matches this" in client.get(f"{home}/together?{nothing}").text
    assert SENTENCE in client.get(f"{home}/together?by=nonsense&only=x&lift=-1").text


def test_the_page_of_a_product_shows_what_is_bought_with_it(client, home, sold):
    page = client.get(f"{home}/product?number=L-7").text
    assert "Bought together with" in page
    assert f"{home}/together?product=C-1" in page
    assert "Bought together with" not in client.get(f"{home}/product?number=V-1").text


def test_what_products_are_called_is_a_text(client, home, sold):
    name = "<img src=x onerror=alert(1)>"
    told = {"product_id": "C-1", "name": name}
    with sold.tx() as tx:
        append(tx, [NewEvent(sold.customer, utc_now(), "Product Viewed", msgspec.json.encode(told))])
    sold.work()
    for path in ("together", "together?product=C-1", "product?number=L-7"):
        page = client.get(f"{home}/{path}").text
        assert "&lt;img src=x" in page
        assert "<img src=x" not in page


def test_programs_read_the_same_with_thresholds_and_cursors(client, home, sold):
    key = create_key(sold.database, sold.workspace, "read")
    headers = {"Authorization": f"Bearer {key}"}

    def asked(**query):
        answer = client.get("/api/together", params=query, headers=headers)
        assert answer.status_code == 200, answer.text
        return answer.json()

    whole = asked(by="confidence")
    assert [(one["given"][0]["name"], one["follows"]["id"]) for one in whole["items"]] == [
        ("Six candles", "L-7"),
        ("Paper lantern", "C-1"),
    ]
    surest = whole["items"][0]
    assert (surest["orders"], surest["given_orders"], surest["follows_orders"], surest["all_orders"]) == (6, 6, 8, 14)
    assert (surest["customers"], surest["confidence"], surest["support"]) == (6, 1.0, 6 / 14)
    assert (whole["total"], whole["next"], whole["fewest"], whole["cut"]) == (2, None, 5, [])
    first = asked(by="confidence", limit=1)
    second = asked(by="confidence", limit=1, cursor=first["next"])
    assert [*first["items"], *second["items"]] == whole["items"]
    assert second["next"] is None
    assert [one["follows"]["id"] for one in asked(given="L-7")["items"]] == ["C-1"]
    for nothing in ({"lift": 3}, {"confidence": 1.1}, {"orders": 7}, {"only": "more"}, {"q": "vase"}):
        assert asked(**nothing)["items"] == []
    assert client.get("/api/together", params={"by": "name"}, headers=headers).status_code == 400
    assert client.get("/api/together").status_code == 401


def test_the_chart_is_its_table(client, home, sold):
    page = client.get(f"{home}/together").text
    table = page.split('<table class="bars beside"')[1].split("</table>")[0]
    assert len(re.findall(r'<th scope="row">', table)) == table.count('<svg aria-hidden="true"') == 1
    assert re.search(r'class="chance" x="57.1%"', table)
