"""A rule that cannot be: refused with the place and the mend, at a desk and by the API; the old version goes on."""

import json

import pytest
from tests.web.console_story import RULE, csrf

from regulars.access.keys import create_key
from regulars.engage import changing, forms
from regulars.remember import facts
from regulars.understand import segments
from regulars.understand.editing import delete_segment
from regulars.words.clock import utc_now
from regulars.words.errors import Conflict

DEEP = {"fact": "gift_for", "known": True}
for _ in range(20):
    DEEP = {"all": [DEEP]}
BAD = {
    "a form that is not there": ({"answer": "gone-form.why", "is": "x"}, "no fact 'gone-form.why' is known yet"),
    "a fact of another type": ({"all": [{"fact": "shoe", "is": "large"}]}, "all[0].is: must be a number"),
    "a test for another type": ({"fact": "shoe", "contains": "4"}, "does not suit 'shoe', which is a number: use is"),
    "itself": ({"any": [{"segment": "for-mothers"}]}, "it would rest on itself: for-mothers → for-mothers"),
    "a circle": ({"segment": "resting"}, "it would rest on itself: for-mothers → resting → for-mothers"),
    "no window": ({"event": "page", "within_days": -3}, "within_days: must be a whole number of 1 or more"),
    "ten thousand clauses": ({"all": [RULE] * 10_000}, "at most 200 conditions"),
    "twenty groups": (DEEP, "is more than 10 groups deep"),
    "a list that is not there": ({"list": "gone"}, "list: there is no list 'gone'"),
    "no rule": ([], "must be an object"),
}


@pytest.fixture
def running(shop):
    """A segment with a member, on which another rests, and a fact that is a number."""
    with shop.tx() as tx:
        facts.declare(tx, "shoe", "number")
        segments.create_segment(tx, "resting", "Resting", {"segment": "for-mothers"}, utc_now())


def still_running(shop):
    with shop.tx() as tx:
        segment = segments.get_segment(tx, "for-mothers")
        assert (segment.rule, segment.version, segment.size) == (RULE, 1, 1)
        ming = shop.meet(tx, "u-9", "Nina", "nina@post.example", utc_now())
    with shop.tx() as tx:
        shop.answer(tx, forms.get_form(tx, "gift-quiz"), ming, {"for_whom": "mother"}, utc_now())
    shop.work()
    with shop.tx() as tx:
        assert segments.count(tx, "for-mothers") == 2, "the old version takes in who matches it"


@pytest.mark.parametrize("kind", BAD)
def test_the_console_says_why_and_the_old_version_keeps_running(client, home, shop, running, kind):
    rule, says = BAD[kind]
    page = client.get(f"{home}/segments/for-mothers/edit").text
    form = {"csrf": csrf(page), "as": "text", "rule": json.dumps(rule), "title": "They give", "do": "save"}
    for do in ("look", "save"):
        answer = client.post(f"{home}/segments/for-mothers/edit", data=form | {"do": do})
        assert answer.status_code == 400
        assert says.replace("'", "&#39;") in answer.text or says in answer.text
    still_running(shop)


@pytest.mark.parametrize("kind", BAD)
def test_the_api_says_why_and_the_old_version_keeps_running(stranger, house, workspace, shop, running, kind):
    rule, says = BAD[kind]
    header = {"authorization": f"Bearer {create_key(house.database, workspace, 'admin')}"}
    for method, path, body in (
        ("PUT", "/api/segments/for-mothers", {"title": "They give", "rule": rule}),
        ("POST", "/api/trials/rule", {"rule": rule}),
    ):
        if path.endswith("rule") and kind in ("itself", "a circle"):
            continue  # nothing rests on a rule that is only tried
        answer = stranger.request(method, path, json=body, headers=header)
        assert answer.status_code == 400, answer.text
        assert says in answer.text.replace("\\u2192", "→") or kind == "no rule"
    still_running(shop)


def test_a_form_that_is_closed_leaves_the_segment_that_asks_its_answers_as_it_is(shop, running):
    with shop.tx() as tx:
        segments.create_segment(tx, "said", "Said", {"answer": "gift-quiz.whose", "known": True}, utc_now())
        changing.close_form(tx, "gift-quiz", utc_now())
    shop.work()
    with shop.tx() as tx:
        assert segments.count(tx, "said") == 1
        saved = segments.get_segment(tx, "said")
        assert segments.check_rule(tx, "said", saved.rule)


def test_a_fact_of_which_a_segment_asks_keeps_its_type(shop, running):
    with shop.tx() as tx:
        segments.create_segment(tx, "large", "Large", {"fact": "shoe", "at_least": 40}, utc_now())
        with pytest.raises(Conflict, match="shoe"):
            facts.declare(tx, "shoe", "text")


def test_a_segment_on_which_another_rests_is_not_deleted(shop, running):
    with shop.tx() as tx, pytest.raises(Conflict, match="resting"):
        delete_segment(tx, "for-mothers", utc_now())
