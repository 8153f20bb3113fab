"""Answers: a screen's input becomes a typed value, or an error to show beside the question."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.engage.answers import check, words
from regulars.engage.questions import Question
from regulars.engage.survey import parse_survey
from regulars.words.errors import Invalid

LIST = [{"value": "mother", "text": {"default": "My mother", "lv": "Mammai"}}, {"value": "friend", "text": "A friend"}]


def question(**element: Any) -> Question:
    return parse_survey({"elements": [{"name": "q", "type": "text", **element}]}).questions[0]


@pytest.mark.parametrize(
    ("element", "given", "value", "said"),
    [
        ({"type": "radiogroup", "choices": LIST}, ["mother"], "mother", "My mother"),
        ({"type": "dropdown", "choices": LIST}, ["friend"], "friend", "A friend"),
        ({"type": "radiogroup", "choices": [10, 25]}, ["25"], 25, "25"),
        ({"type": "checkbox", "choices": LIST}, ["friend", "mother"], ["mother", "friend"], "My mother and A friend"),
        ({"type": "rating"}, ["4"], 4, "4"),
        ({"inputType": "number", "max": 10}, [" 7 "], 7, "7"),
        ({"inputType": "number"}, ["1234,5"], 1234.5, "1,234.5"),
        ({"inputType": "number", "step": "any"}, ["12.5"], 12.5, "12.5"),
        ({"inputType": "number", "step": 0.1}, ["0,3"], 0.3, "0.3"),
        ({"inputType": "number", "min": 1, "step": 2}, ["5"], 5, "5"),
        ({"inputType": "date"}, ["2026-05-14"], "2026-05-14", "14 May 2026"),
        ({"inputType": "email"}, [" Ieva@Example.COM "], "ieva@example.com", "ieva@example.com"),
        ({"inputType": "tel"}, ["+371 2000 0000"], "+371 2000 0000", "+371 2000 0000"),
        ({}, ["  Marta\tof  Riga\0 "], "Marta of Riga", "Marta of Riga"),
        ({"type": "comment"}, ["Two\r\nlines"], "Two\nlines", "Two\nlines"),
        ({"type": "boolean"}, ["false"], False, "No"),
        ({"type": "boolean", "labelTrue": "Always"}, ["true"], True, "Always"),
        ({"type": "boolean", "consent": {"purpose": "marketing", "channel": "email"}}, ["true"], True, "Yes"),
    ],
)
def test_an_answer_has_a_type_and_the_customers_words(
    element: dict[str, Any], given: list[str], value: Any, said: str
) -> None:
    asked = question(**element)
    answer = check(asked, given)
    assert answer == value
    assert type(answer) is type(value)
    assert words(asked, answer, "en", str) == said


def test_words_are_in_the_language_that_was_read() -> None:
    assert words(question(type="radiogroup", choices=LIST), "mother", "lv", str) == "Mammai"
    assert words(question(inputType="date"), "2026-05-14", "lv", str) == "2026. gada 14. maijs"


@pytest.mark.parametrize(
    ("element", "given", "advice"),
    [
        ({"isRequired": True}, ["  "], "answer this question"),
        ({"inputType": "number", "step": 1}, ["12.5"], "a whole number"),
        ({"inputType": "number", "min": 1, "step": 2}, ["4"], "in steps of 2, from 1"),
        ({"type": "radiogroup", "choices": LIST, "isRequired": True}, [], "answer this question"),
        ({"type": "radiogroup", "choices": LIST}, ["nobody"], "in the list"),
        ({"type": "radiogroup", "choices": LIST}, ["mother", "friend"], "one answer"),
        ({"type": "checkbox", "choices": LIST}, ["mother", "nobody"], "from the answers in the list"),
        ({"type": "rating"}, ["6"], "in the list"),
        ({"inputType": "number"}, ["many"], "12 or 12.5"),
        ({"inputType": "number"}, ["1e400"], "12 or 12.5"),
        ({"inputType": "number"}, ["nan"], "12 or 12.5"),
        ({"inputType": "number", "min": 1}, ["0"], "1 or more"),
        ({"inputType": "number", "max": 9}, ["10"], "9 or less"),
        ({"inputType": "date"}, ["31.05.2026"], "2026-05-31"),
        ({"inputType": "date"}, ["2026-02-30"], "2026-05-31"),
        ({"inputType": "date", "max": "2026-12-31"}, ["2027-01-01"], "2026-12-31 or less"),
        ({"inputType": "email"}, ["ieva@"], "name@example.com"),
        ({"inputType": "email"}, ["a@b.lv, c@d.lv"], "name@example.com"),
        ({"inputType": "email"}, ["a@" + "b" * 300 + ".lv"], "At most 254"),
        ({"inputType": "tel"}, ["call me"], "+44"),
        ({"maxLength": 3}, ["four"], "At most 3 characters, please; this has 4."),
        ({"type": "comment"}, ["x" * 10_001], "At most 10000"),
        ({"type": "boolean"}, ["perhaps"], "yes or no"),
    ],
)
def test_a_wrong_answer_is_refused_with_advice(element: dict[str, Any], given: list[str], advice: str) -> None:
    with pytest.raises(Invalid) as refused:
        check(question(**element), given)
    assert advice in str(refused.value)


def test_an_unticked_consent_is_no_statement() -> None:
    consent = question(type="boolean", consent={"purpose": "marketing", "channel": "email"})
    assert check(consent, []) is None
    assert check(consent, ["false"]) is None


ELEMENTS: list[dict[str, Any]] = [
    {},
    {"type": "comment"},
    {"type": "checkbox", "choices": LIST},
    {"type": "rating"},
    {"type": "boolean"},
    *({"inputType": kind} for kind in ("email", "number", "date", "tel")),
]


@given(st.sampled_from(ELEMENTS), st.lists(st.text(max_size=40), max_size=3))
def test_whatever_is_sent_becomes_an_answer_with_words_or_is_refused(element: dict[str, Any], sent: list[str]) -> None:
    asked = question(**element)
    try:
        value = check(asked, sent)
    except Invalid:
        return
    if value is not None:
        said = words(asked, value, "en", str)
        assert said
        assert "\0" not in said
