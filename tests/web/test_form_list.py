"""Forms are found, narrowed to those open or closed, and closed and opened again many at once."""

import re

import pytest
from tests.web.console_story import csrf
from tests.web.noted import noted_in, said

from regulars.engage import changing, forms
from regulars.words.clock import utc_now

SURVEY = {"title": "Which tea?", "elements": [{"type": "text", "name": "tea", "title": "Which tea do you like?"}]}


@pytest.fixture
def two(shop):
    """A form that is open besides the quiz, and one that is closed."""
    with shop.tx() as tx:
        forms.create_form(tx, "tea", SURVEY, utc_now())
        forms.create_form(tx, "old", SURVEY | {"title": "Old ideas"}, utc_now())
        changing.close_form(tx, "old", utc_now())


@pytest.fixture
def press(client, home, two):
    def ask(path, *names):
        token = csrf(client.get(f"{home}/forms").text)
        answer = client.post(f"{home}{path}", data={"csrf": token} | {f"pick:{name}": "1" for name in names})
        return client.get(answer.headers["location"]).text

    return ask


def undo(client, page):
    answer = client.post(re.search(r'action="([^"]*/undo/\d+)"', page)[1], data={"csrf": csrf(page)})
    assert answer.status_code == 303


def closed(shop):
    with shop.tx() as tx:
        return {one.name for one in forms.list_forms(tx) if one.closed_at}


def test_those_that_are_open_are_closed_at_once_and_undo_leaves_the_others(
    client, home, house, workspace, shop, press, stranger
):
    page = press("/closed/forms", "tea", "gift-quiz", "old")
    assert "2 forms are closed: nobody can answer them." in page
    assert closed(shop) == {"tea", "gift-quiz", "old"}
    undo(client, page)
    assert closed(shop) == {"old"}
    entries = said(noted_in(house, workspace))[-2:]
    assert [one[0] for one in entries] == ["form.closed", "change.undone"]
    assert set(entries[0][2].split(", ")) == {"tea", "gift-quiz"}


def test_one_is_opened_again_and_undo_closes_it(client, home, shop, press):
    page = press("/closed/forms/back", "old")
    assert "The form “Old ideas” is open again." in page
    assert closed(shop) == set()
    undo(client, page)
    assert closed(shop) == {"old"}


def test_what_is_so_already_is_neither_done_nor_noted(house, workspace, shop, press):
    assert 'class="toast"' not in press("/closed/forms", "old", "nowhere")
    assert not noted_in(house, workspace, action="form.closed")
    assert closed(shop) == {"old"}


def names(page):
    return set(re.findall(r'name="pick:([^"]+)"', page))


def test_the_list_is_narrowed_by_words_and_by_whether_they_are_open(client, home, two):
    assert names(client.get(f"{home}/forms").text) == {"gift-quiz", "tea", "old"}
    page = client.get(f"{home}/forms?only=open").text
    assert names(page) == {"gift-quiz", "tea"}
    assert "Open again" not in page
    assert names(client.get(f"{home}/forms?only=closed").text) == {"old"}
    assert names(client.get(f"{home}/forms?q=TEA").text) == {"tea"}
    page = client.get(f"{home}/forms?q=tea&only=closed").text
    assert "No form matches this" in page
    assert f'href="{home}/forms?only=closed"' in page
    assert f'href="{home}/forms?q=tea"' in page


def test_a_form_that_is_closed_is_neither_closed_nor_noted_again(client, home, house, workspace, shop):
    for _ in range(2):
        page = client.get(f"{home}/forms/gift-quiz")
        assert client.post(f"{home}/forms/gift-quiz/close", data={"csrf": csrf(page.text)}).status_code == 303
    assert closed(shop) == {"gift-quiz"}
    assert len(noted_in(house, workspace, action="form.closed")) == 1
