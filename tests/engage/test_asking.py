"""The question a message asks: the first of a form, with the answers one tap can choose."""

from datetime import datetime
from typing import Any

import pytest

from regulars.engage.asking import first_question
from regulars.engage.forms import create_form
from regulars.speak.asking import Option
from regulars.store.database import Database


@pytest.mark.parametrize(
    ("element", "values"),
    [
        ({"type": "radiogroup", "choices": [{"value": "a", "text": "An A"}, "b"]}, ["a", "b"]),
        ({"type": "rating", "rateMax": 3}, ["1", "2", "3"]),
        ({"type": "radiogroup", "choices": list(range(40))}, []),
        ({"type": "text"}, []),
        ({"type": "checkbox", "choices": ["a", "b"]}, []),
    ],
)
def test_a_message_asks_the_first_question(
    database: Database, workspace: str, now: datetime, element: dict[str, Any], values: list[str]
) -> None:
    name = f"ask-{workspace}".replace("_", "-")
    survey = {"elements": [{"name": "q", "title": "Which?", **element}, {"name": "later", "type": "text"}]}
    with database.workspace(workspace) as tx:
        create_form(tx, name, survey, now)
        ask = first_question(tx, name)
    assert ask is not None
    assert (ask.form, ask.question, ask.title) == (name, "q", "Which?")
    assert [option.value for option in ask.options] == values
    if values == ["a", "b"]:
        assert ask.options[0] == Option("a", "An A")


def test_a_form_that_is_not_there_asks_nothing(database: Database, workspace: str) -> None:
    with database.workspace(workspace) as tx:
        assert first_question(tx, "nothing") is None
