"""Orders and products on the console: read from events, narrowed in the address, and each leads to whose it is."""

import msgspec

from regulars.store.log import NewEvent, append
from regulars.words.clock import utc_now


def happens(shop, kind, **props):
    with shop.tx() as tx:
        append(tx, [NewEvent(shop.customer, utc_now(), kind, msgspec.json.encode(props))])
    shop.work()


def test_an_order_stands_in_the_list_with_what_it_comes_to(client, home, shop):
    happens(shop, "Order Refunded", order_id="A-1", total=11.7, currency="GBP", products=[{"product_id": "L-7"}])
    page = client.get(f"{home}/orders?customer={shop.customer}").text
    assert "Order A-1" in page
    assert "£11.70" in page
    assert "Order A-2" not in page
    assert "No order matches" in client.get(f"{home}/orders?only=cancelled").text


def test_an_order_says_what_came_back_and_how_we_know(client, home, shop):
    happens(shop, "Order Refunded", order_id="A-1", products=[{"product_id": "L-7", "quantity": 1}])
    page = client.get(f"{home}/order?number=A-1").text
    for words in ("Paper lantern", "£23.40", "£11.70", "partly refunded", f"/customers/{shop.customer}"):
        assert words in page
    assert client.get(f"{home}/order?number=none").status_code == 404


def test_an_order_whose_total_cannot_be_read_says_so_and_not_nothing(client, home, shop):
    happens(shop, "Order Completed", order_id="A-9", total="much", currency="GBP", products=[{"product_id": "L-7"}])
    for path in (f"/orders?customer={shop.customer}", f"/customers/{shop.customer}"):
        page = client.get(home + path).text
        assert "total unknown" in page
        assert "£0.00" not in page
    page = client.get(f"{home}/order?number=A-9").text
    assert "unknown</td>" in page
    assert "£0.00" not in page


def test_a_product_leads_to_the_orders_that_have_it(client, home, shop):
    assert "Paper lantern" in client.get(f"{home}/products?q=lant").text
    page = client.get(f"{home}/product?number=L-7").text
    assert "/orders?product=L-7" in page
    assert "in 2 orders" in page
    assert "Order A-2" in client.get(f"{home}/orders?product=L-7").text


def test_a_customers_page_has_orders_and_what_is_computed_from_them(client, home, shop):
    page = client.get(f"{home}/customers/{shop.customer}").text
    assert f"{home}/order?number=A-1" in page
    assert "£23.40" in page
    assert f'href="{home}/orders?customer={shop.customer}">where from' in page


def test_a_list_is_read_on_by_a_place(client, home, shop):
    with shop.tx() as tx:
        props = [{"order_id": f"B-{n}", "total": n, "currency": "GBP"} for n in range(60)]
        append(tx, [NewEvent(shop.customer, utc_now(), "Order Completed", msgspec.json.encode(one)) for one in props])
    shop.work()
    first = client.get(f"{home}/orders").text
    later = first.split('rel="next" href="')[1].split('"')[0]
    second = client.get(later).text
    seen = [f"Order B-{n}" for n in range(60) if f"Order B-{n}<" in first + second]
    assert len(seen) == 60
