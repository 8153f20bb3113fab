"""The timeline on a customer's page: narrowed in the address, repeated things told as one, in words."""

import msgspec

from regulars.store.log import NewEvent, append
from regulars.words.clock import utc_now


def happen(shop, *events):
    with shop.tx() as tx:
        append(tx, [NewEvent(shop.customer, utc_now(), kind, msgspec.json.encode(props)) for kind, props in events])
    shop.work()


def test_it_is_narrowed_by_kind_and_channel_in_the_address(client, home, shop):
    happen(shop, ("Product Viewed", {"product_id": "x", "name": "Tin of tea"}))
    page = f"{home}/customers/{shop.customer}"
    assert "Looked at Tin of tea" in client.get(page).text
    assert "Looked at Tin of tea" in client.get(f"{page}?only=looked").text
    said = client.get(f"{page}?only=said").text
    assert "Tin of tea" not in said.split("What we remember")[0]
    assert "My mother" in said
    assert "Ordered" in client.get(f"{page}?only=bought").text
    assert "What we wrote" in client.get(f"{page}?channel=email").text
    assert "Nothing of this" in client.get(f"{page}?channel=sms").text


def test_many_pages_in_a_row_are_told_as_one(client, home, shop):
    happen(shop, *[("page", {"name": f"Page {number}"}) for number in range(14)])
    page = client.get(f"{home}/customers/{shop.customer}?only=looked").text
    assert "Looked at 15 pages" in page, "the one of the story is among them"
    assert "Visited Page 3" in page
