"""Every text of the customers' pages comes from the catalogue or from the shop: the pseudo-locale brackets them all."""

import re

import pytest
from tests.web.pages.visits import Client, Shop, send, text_of


def outside(text: str) -> str:
    """What is neither of the catalogue nor a value; brackets do not nest deeper than two."""
    for _ in range(3):
        text = re.sub(r"⟦[^⟦⟧]*⟧|⁅[^⁅⁆]*⁆", " ", text)
    return text


@pytest.mark.parametrize(
    "page", ["/f/{quiz}", "/f/{quiz}/2", "/f/{budget}?m={token}", "/u/{token}", "/u/{token}x", "/why/x"]
)
def test_no_text_stands_outside_the_catalogue(client: Client, shop: Shop, page: str) -> None:
    client.headers["accept-language"] = "en-XA"
    url = page.format(quiz=shop.quiz, budget=shop.budget, token=shop.token())
    assert not re.search(r"[^\W\d_]", outside(text_of(client.get(url)))), url


def test_nor_on_the_page_that_says_thank_you(client: Client, shop: Shop) -> None:
    thanks = send(client, client.get(f"/f/{shop.budget}?m={shop.token()}"), "over-50")
    again = client.get(thanks.url, headers={"accept-language": "en-XA"})
    assert not re.search(r"[^\W\d_]", outside(text_of(again)))
