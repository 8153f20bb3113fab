"""What was computed of customers is called in words on every page, and what it is called there stands in sentences."""

import re
from html import unescape

import pytest

from regulars.access.keys import create_key
from regulars.hear.identities import intern
from regulars.remember import catalogue
from regulars.remember.catalogue import Said
from regulars.remember.customers import customer_of
from regulars.speak.messages import of_customer
from regulars.understand import segments
from regulars.words.clock import utc_now

RULE = {
    "all": [
        {"fact": "new_or_returning", "is": "returning"},
        {"fact": "first_order", "known": True},
        {"fact": "rfm", "in": ["5-5-4", "5-5-5"]},
        {"fact": "rfm_recency", "at_least": 4},
        {"fact": "gift_for", "known": False},
    ]
}
SAID = (
    "Customers whose new or returning is “comes back” and whose first order is known "
    "and whose RFM cell is one of “latest, most often, for much (5-5-4)”, "
    "“latest, most often, for most (5-5-5)” and whose RFM: how lately (1 to 5) is “lately (4)” or more "
    "and whose gift for is not known."
)


@pytest.fixture
def back(shop):
    """Customers who came back, and a segment of the best of them."""
    shop.sell()
    with shop.tx() as tx:
        segments.create_segment(tx, "best", "The best", RULE, utc_now())
        user = intern(tx, [("user", "buyer-1")])["user", "buyer-1"]
        shop.buyer = customer_of(tx, user)
    return shop


def test_a_rule_says_labels_and_words_instead_of_names_and_codes(client, home, back):
    assert SAID in unescape(client.get(f"{home}/segments/best").text)


def test_programs_read_the_same_sentence_and_reasons_in_it(client, back):
    headers = {"Authorization": f"Bearer {create_key(back.database, back.workspace, 'admin')}"}
    assert client.get("/api/segments/best", headers=headers).json()["sentence"] == SAID
    tried = client.post("/api/trials/rule", json={"rule": {"all": RULE["all"]}}, headers=headers).json()
    assert tried["sentence"] == SAID
    why = client.get("/api/customers/user:buyer-1/segments/best", headers=headers).json()
    assert why["evidence"][0]["condition"] == "whose new or returning is “comes back”"


def test_what_the_team_calls_a_fact_stands_in_sentences(client, home, back):
    with back.tx() as tx:
        catalogue.save(tx, "gift_for", Said(label="Whom they give to?"), utc_now())
        catalogue.save(tx, "first_order", Said(label="First order", labels={"en": "Day they came"}), utc_now())
    page = unescape(client.get(f"{home}/segments/best").text)
    assert "whose answer to “Whom they give to?” is not known" in page
    assert "whose Day they came is known" in page


def test_what_was_counted_is_not_quoted_as_their_words(client, home, back):
    quote = '{"words": "returning", "value": "returning", "seq": 1}'
    with back.tx() as tx:
        tx.run(
            b"update speak_message set used = jsonb_set(used::jsonb, '{told,new_or_returning}', %(quote)s)", quote=quote
        )
        message = of_customer(tx, back.customer)[0].id
    talk = (
        client.get(f"{home}/customers/{back.customer}").text.partition("It quoted their words:")[2].partition("</p>")[0]
    )
    assert "My mother" in talk
    assert "returning" not in talk
    told, counted = client.get(f"{home}/messages/{message}").text.split("Because of what we counted")
    assert "comes back" in counted.partition("</section>")[0]
    assert "comes back" not in told


def test_the_console_says_codes_in_words_and_keeps_those_that_analysts_use(client, home, back):
    path = f"{home}/customers/{back.buyer}"
    for page in (path, f"{path}/fact?name=new_or_returning", f"{home}/segments/best/why/{back.buyer}"):
        shown = client.get(page).text
        assert "comes back" in shown, page
        assert "returning</p>" not in shown, page
    assert re.search(r">[a-z ]+, [a-z ]+, for [a-z ]+ \(\d-\d-\d\)<", client.get(path).text)
    assert "comes back" in client.get(f"{home}/fact?name=new_or_returning").text
    assert "New or returning: comes back" in client.get(f"{home}/customers?fact=new_or_returning&value=returning").text
    rule = '{"fact": "new_or_returning", "is": "returning"}'
    assert (
        '<option value="returning" selected>comes back</option>'
        in client.get(f"{home}/new/segment", params={"rule": rule}).text
    )
