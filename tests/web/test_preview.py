"""A template is shown as its mail would be: the same words, from the same facts."""

import re

from regulars.engage.asking import first_question
from regulars.remember.customers import customer_of
from regulars.speak.context import Brand
from regulars.speak.library import get_template
from regulars.speak.messages import of_customer, shown
from regulars.speak.preview import preview
from regulars.words.clock import utc_now


def test_what_is_shown_before_is_what_is_sent(shop):
    with shop.tx() as tx:
        ask = first_question(tx, "gift-quiz")
        customer = customer_of(tx, shop.customer)
        before = preview(
            tx, get_template(tx, "remember"), customer, ask=ask, brand=Brand("The Gift House"), now=utc_now()
        )
        sent = shown(tx, of_customer(tx, customer)[0].id)
    assert "My mother" in before.text
    assert (before.subject, _bare(before.text), _bare(before.html)) == (
        sent.subject,
        _bare(sent.text),
        _bare(sent.html),
    )
    assert before.used.told == sent.used.told


def test_nothing_is_shown_of_anybody_to_one_who_told_us_nothing(shop):
    with shop.tx() as tx:
        stranger = preview(
            tx, get_template(tx, "remember"), None, ask=None, brand=Brand("The Gift House"), now=utc_now()
        )
    assert "My mother" not in stranger.text
    assert stranger.used.told == {}


def _bare(text):
    """The text without where its links lead."""
    return re.sub(r"https?://[^\s\"<]+|#\w+", "LINK", text)
