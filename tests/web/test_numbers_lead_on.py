"""Numbers lead to the people behind them: the bars of a form's answers, and the size of a segment."""

import re
from datetime import timedelta
from html import unescape

import pytest

from regulars.engage import forms
from regulars.measure import alerts
from regulars.words.clock import utc_now

KINDS = {
    "title": "A few more things",
    "elements": [
        {"type": "rating", "name": "stars", "title": "How many stars?", "rateMax": 5},
        {"type": "boolean", "name": "again", "title": "Would you come again?"},
        {"type": "checkbox", "name": "likes", "title": "What do you like?", "choices": ["tea & cake", "wine"]},
        {
            "type": "boolean", "name": "may_write", "title": "May we write to you?",
            "consent": {"purpose": "news", "channel": "email"},
        },
    ],
}  # fmt: skip


@pytest.fixture
def bars(client, home, shop):
    """The words of each bar of a form, with where it leads."""

    def read(name):
        page = client.get(f"{home}/forms/{name}").text
        found = re.findall(r'<th scope="row"><a href="([^"]*)">([^<]*)</a>', page)
        return {unescape(words): unescape(path) for path, words in found}

    return read


def people(client, path):
    page = client.get(path).text
    return {unescape(name) for name in re.findall(r'<a class="name" href="[^"]*/customers/\d+">([^<]*)</a>', page)}


def test_a_choice_leads_to_those_who_gave_it(client, bars):
    path = bars("gift-quiz")["My mother"]
    assert path.endswith("/customers?fact=gift-quiz.for_whom&value=mother")
    assert people(client, path) == {"Ieva Kalniņa"}


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({"stars": 4}, "4"),
        ({"again": False}, "No"),
        ({"likes": ["wine", "tea & cake"]}, "tea & cake"),
        ({"may_write": True}, "Yes"),
    ],
)
def test_every_kind_of_answer_leads_to_exactly_those_who_gave_it(client, shop, bars, answers, words):
    now = utc_now()
    with shop.tx() as tx:
        form = forms.create_form(tx, "more", KINDS, now)
        given = shop.meet(tx, "u-8", "Nora", "nora@post.example", now)
        shop.meet(tx, "u-9", "Otto", "otto@post.example", now)
    with shop.tx() as tx:
        shop.answer(tx, form, given, answers, now)
    shop.work()
    found = bars("more")
    assert set(found) <= {words, "wine"}
    assert people(client, found[words]) == {"Nora"}


def test_an_answer_that_nobody_gave_leads_nowhere(bars):
    found = bars("gift-quiz")
    assert "My mother" in found
    assert "A good friend" not in found


def test_the_size_of_a_campaigns_segment_leads_to_its_customers(client, home, shop):
    page = client.get(f"{home}/campaigns/spring").text
    path = re.search(r'href="([^"]*/customers\?segment=[^"]*)"', page)[1]
    assert people(client, path) == {"Ieva Kalniņa"}


def told(page):
    return re.findall(r'<time datetime="([^"]+)"', page.split("What was told", 1)[1])


def test_what_was_told_is_read_on_by_places_and_nothing_is_twice(client, home, shop):
    moments = [utc_now() - timedelta(minutes=number // 2) for number in range(60)]
    with shop.tx() as tx:
        for moment in moments:
            alerts.test(tx, moment)
    page, seen, parts = client.get(f"{home}/alerts").text, [], 1
    while following := re.search(r'rel="next" href="([^"]*)"', page):
        seen += told(page)
        if parts == 1:
            with shop.tx() as tx:
                alerts.test(tx, utc_now() + timedelta(minutes=1))
        page, parts = client.get(unescape(following[1])).text, parts + 1
    seen += told(page)
    assert parts == 2
    assert seen == sorted((moment.isoformat() for moment in moments), reverse=True)
    assert client.get(f"{home}/alerts?after=nonsense").status_code == 400
