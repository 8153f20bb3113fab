"""How often: chosen by its owner on the page of preferences, held at the gate, and looked at again when it changes."""

import re

from tests.web.pages.visits import Client, Shop, text_of


def agreed(client: Client, shop: Shop) -> str:
    url = f"/u/{shop.token()}"
    client.post(url, data={"may.marketing.email": "1"})
    return url


def said(shop: Shop) -> list[int | None]:
    return [one.props["days"] for one in shop.events("frequency.changed")]


def chosen(page: str) -> str:
    return re.search(r'name="frequency" value="(\d+)" checked', page)[1]


def test_it_is_offered_to_who_allowed_something_and_as_it_comes_is_what_holds(client: Client, shop: Shop) -> None:
    assert 'name="frequency"' not in client.get(f"/u/{shop.token()}").text
    page = client.get(agreed(client, shop))
    assert "How often may we write?" in text_of(page)
    assert chosen(page.text) == "0"


def test_a_choice_is_kept_with_its_words_and_saying_it_again_adds_nothing(client: Client, shop: Shop) -> None:
    url = agreed(client, shop)
    for _ in range(2):
        page = client.post(url, data={"frequency": "7"})
        assert "Saved." in text_of(page)
    assert chosen(page.text) == "7"
    client.get(f"{url}?frequency=0")
    (event,) = shop.events("frequency.changed")
    assert event.props == {"days": 7, "words": "At most once a week", "how": "preference page"}
    page = client.post(url, data={"frequency": "0"})
    assert chosen(page.text) == "0"
    assert said(shop) == [7, None]


def test_what_is_not_offered_is_refused_and_changes_nothing(client: Client, shop: Shop) -> None:
    url = agreed(client, shop)
    for choice in ("2", "-7", "07", "7 ", "week", "\0", "9" * 10_000):
        assert client.post(url, data={"frequency": choice}).status_code == 400, choice
    assert said(shop) == []
