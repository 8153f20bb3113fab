"""Never ask twice: what we know is filled in and said, one tap confirms it, and strangers see nothing of it."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from html import unescape
from typing import Any

import msgspec
import pytest
from tests.web.pages.visits import Client, Shop, action_of, send, text_of

from regulars.access.links import Link
from regulars.loop.followers import FOLLOWERS, begin
from regulars.store.dispatch import Dispatcher
from regulars.store.log import NewEvent, append
from regulars.words.clock import utc_now

MAY = datetime(2026, 5, 3, 12, tzinfo=UTC)
Tell = Callable[..., None]


@pytest.fixture
def tell(shop: Shop) -> Tell:
    """Somebody answers in another form, and it is remembered."""
    with shop.house.database.workspace(shop.workspace) as tx:
        begin(tx)

    def told(
        fact: str | None, kind: str, value: Any, words: str, *, form: str = "before", verified: bool = True
    ) -> None:
        answer = {"question": "q", "title": "Q", "kind": kind, "value": value, "words": words, "fact": fact}
        props = {"form": form, "verified": verified, "answers": [answer], "consents": []}
        with shop.house.database.workspace(shop.workspace) as tx:
            append(tx, [NewEvent(shop.identity(), MAY, "form.answered", msgspec.json.encode(props))])
        Dispatcher(shop.house.database, FOLLOWERS, lambda: [shop.workspace], utc_now).catch_up([shop.workspace])

    return told


def still(client: Client, page: Any) -> Any:
    """Press the button that says: still true."""
    form = re.search(r'(?s)<form id="still" method="post" action="([^"]+)">(.*?)</form>', page.text)
    assert form, page.text
    values = [unescape(value) for value in re.findall(r'name="answer" value="([^"]*)"', form[2])]
    return client.post(action_of(page), data={"answer": values})


def test_what_is_known_is_filled_in_and_one_tap_confirms_it(client: Client, shop: Shop, tell: Tell) -> None:
    tell("gift_for", "text", "friend", "A good friend")
    page = client.get(f"/f/{shop.quiz}?m={shop.token(form=shop.quiz)}")
    assert "You told us on May 3, 2026: A good friend Still true?" in text_of(page)
    assert re.search(r'value="friend" checked', page.text)
    assert len(shop.events("form.answered")) == 1
    assert "What is their first name?" in text_of(still(client, page))


def test_confirming_says_it_again_as_any_other_answer(client: Client, shop: Shop, tell: Tell) -> None:
    tell("budget", "text", "10-to-25", "£10 to £25")
    token = shop.token(form=shop.budget)
    thanks = still(client, client.get(f"/f/{shop.budget}?m={token}"))
    assert "We will remember it" in text_of(thanks)
    newest = shop.events("form.answered")[-1]
    assert newest.at > MAY
    assert newest.props["form"] == shop.budget
    assert newest.props["answers"][0]["value"] == "10-to-25"
    assert "Still true" not in text_of(client.get(f"/f/{shop.budget}/1?m={token}"))


@pytest.mark.parametrize(
    ("element", "kind", "value", "filled"),
    [
        ({"type": "radiogroup", "choices": ["a", "b"]}, "text", "a", 'value="a" checked'),
        ({"type": "dropdown", "choices": ["a", "b"]}, "text", "b", 'value="b" selected'),
        ({"type": "checkbox", "choices": ["a", "b", "c"]}, "list", ["a", "c"], 'value="c" checked'),
        ({"type": "rating"}, "number", 4, 'value="4" checked'),
        ({"type": "rating", "rateValues": [1, 2.5]}, "number", 2.5, 'value="2.5" checked'),
        ({"type": "text"}, "text", 'Ann & "Bob"', 'value="Ann &amp; &#34;Bob&#34;"'),
        ({"type": "text", "inputType": "number"}, "number", 12, 'value="12"'),
        ({"type": "text", "inputType": "date"}, "date", "2026-05-14", 'value="2026-05-14"'),
        ({"type": "comment"}, "text", "Two\nlines", "Two\nlines</textarea>"),
        ({"type": "boolean"}, "boolean", False, 'value="false" checked'),
    ],
)
def test_every_type_of_question_is_filled_in(
    client: Client, shop: Shop, tell: Tell, element: dict[str, Any], kind: str, value: Any, filled: str
) -> None:
    form = shop.make("typed", {"elements": [{"name": "q", "fact": "thing", **element}]})
    tell("thing", kind, value, "as I said")
    page = client.get(f"/f/{form}?m={shop.token(form=form)}")
    assert filled in page.text
    assert "as I said Still true?" in text_of(page)
    assert "Thank you!" in text_of(still(client, page))
    assert shop.events("form.answered")[-1].props["answers"][0]["value"] == value


def test_a_question_without_a_fact_is_known_by_its_form(client: Client, shop: Shop, tell: Tell) -> None:
    form = shop.make("own", {"elements": [{"name": "q", "type": "text"}]})
    tell(None, "text", "mine", "mine", form=form)
    assert "Still true?" in text_of(client.get(f"/f/{form}?m={shop.token(form=form)}"))


def test_another_answer_is_as_good(client: Client, shop: Shop, tell: Tell) -> None:
    tell("budget", "text", "10-to-25", "£10 to £25")
    page = client.get(f"/f/{shop.budget}?m={shop.token(form=shop.budget)}")
    send(client, page, "over-50")
    assert shop.events("form.answered")[-1].props["answers"][0]["value"] == "over-50"


def test_what_is_not_said_verified_and_still_on_offer_is_asked(client: Client, shop: Shop, tell: Tell) -> None:
    def shown() -> str:
        return text_of(client.get(f"/f/{shop.budget}?m={shop.token(form=shop.budget)}"))

    tell("budget", "text", "10-to-25", "£10 to £25", verified=False)
    assert "Still true?" not in shown()
    tell("budget", "text", "a-million", "A million")
    assert "Still true?" not in shown()


def test_a_consent_is_never_ticked(client: Client, shop: Shop, tell: Tell) -> None:
    consent = {"purpose": "marketing", "channel": "email"}
    form = shop.make("ok", {"elements": [{"name": "q", "type": "boolean", "fact": "ok", "consent": consent}]})
    tell("ok", "boolean", value=True, words="Yes")
    page = client.get(f"/f/{form}?m={shop.token(form=form)}")
    assert "checked" not in page.text
    assert "Still true?" not in text_of(page)


@pytest.mark.parametrize("link", ["", "?m={anywhere}", "?m={stranger}"])
def test_nobody_else_sees_it(client: Client, shop: Shop, tell: Tell, link: str) -> None:
    """Not a visitor, not who holds a link for something else, not another customer."""
    tell("gift_for", "text", "friend", "A good friend")
    other = Link(shop.workspace, shop.identity("email", "other@example.com"), 8, shop.quiz)
    url = f"/f/{shop.quiz}{link.format(anywhere=shop.token(), stranger=shop.house.links.sign(other))}"
    page = client.get(url)
    assert page.status_code == 200
    assert "Still true?" not in text_of(page)
    assert "checked" not in page.text
