"""Editing a form: answers keep their meaning, half-filled responses survive, and every version can be read."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from regulars.engage import changing, forms, own_page, responses
from regulars.engage.asking import first_question
from regulars.engage.forms import Form
from regulars.engage.responses import Who
from regulars.store import records as log
from regulars.store.database import Database, Tx
from regulars.words.errors import Conflict, Invalid, Overtaken

CONSENT = {
    "type": "boolean",
    "name": "may_write",
    "title": "May we write to you?",
    "labelTrue": "Yes, by e-mail.",
    "consent": {"purpose": "marketing", "channel": "email"},
}
MOTHER = {"value": "mother", "text": "My mother"}
FRIEND = {"value": "friend", "text": "A good friend"}
WHOM: dict[str, Any] = {
    "type": "radiogroup", "name": "for_whom", "title": "For whom?", "isRequired": True, "choices": [MOTHER, FRIEND],
}  # fmt: skip
LIKES: dict[str, Any] = {"type": "checkbox", "name": "likes", "title": "What makes them smile?", "choices": [1, 2, 3]}
LIKED: dict[str, Any] = {"type": "rating", "name": "liked", "title": "How did you like it?"}


def survey(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"title": "Gifts", "elements": list(elements)}


@pytest.fixture
def quiz(database: Database, workspace: str, now: datetime) -> Form:
    with database.workspace(workspace) as tx:
        return forms.create_form(tx, f"quiz-{workspace}".replace("_", "-"), survey(WHOM, LIKES, LIKED, CONSENT), now)


def fill(tx: Tx, form: Form, now: datetime, **answers: Any) -> responses.Response:
    response = responses.start(tx, form, Who(responses.visitor(tx, "visitor-1")), now)
    for name, value in answers.items():
        question = form.survey.question(name)
        assert question
        response = responses.answer(tx, form, response, question, value)
    return response


def test_what_was_finished_is_read_in_the_words_it_was_given_to(
    database: Database, workspace: str, now: datetime, quiz: Form
) -> None:
    with database.workspace(workspace) as tx:
        done = fill(tx, quiz, now, for_whom="mother")
        responses.finish(tx, quiz, done, now, locale="en", gettext=str)
    with database.workspace(workspace) as tx:
        other = WHOM | {"title": "Who gets a present?", "choices": [FRIEND]}
        edited = changing.save_form(tx, quiz.name, survey(other), now, replaces=1)
        assert (edited.version, edited.survey.questions[0].title.at("en")) == (2, "Who gets a present?")
        [kept] = responses.list_responses(tx, quiz.name)
        then = forms.form_at(tx, edited, kept.version)
        said = responses.said(then, kept, "en", str)
        assert [(one.title, one.words) for one in said.answers] == [("For whom?", "My mother")]


def test_a_half_filled_response_survives_and_only_what_is_taken_no_more_is_asked_anew(
    database: Database, workspace: str, now: datetime, quiz: Form
) -> None:
    with database.workspace(workspace) as tx:
        fill(tx, quiz, now, for_whom="mother", likes=[1, 3], liked=4, may_write=True)
    with database.workspace(workspace) as tx:
        whose = {"type": "text", "name": "whose", "title": "What is their name?", "isRequired": True}
        fewer = LIKES | {"choices": [2, 3]}
        gone = WHOM | {"choices": [FRIEND, "aunt"]}
        changing.save_form(tx, quiz.name, survey(gone, whose, fewer, LIKED, CONSENT), now)
    with database.workspace(workspace) as tx:
        edited = forms.get_form(tx, quiz.name)
        response = responses.start(tx, edited, Who(responses.visitor(tx, "visitor-1")), now)
        assert response.version == 1
        going = responses.in_step(tx, edited, response)
        assert going.answers == {"likes": [3], "liked": 4, "may_write": True}
        missing = responses.unanswered(tx, edited, response)
        assert missing
        assert missing.name == "for_whom"
        response = fill(tx, edited, now, for_whom="friend", whose="Marta")
        assert response.answers == going.answers | {"for_whom": "friend", "whose": "Marta"}
        responses.finish(tx, edited, response, now, locale="en", gettext=str)
    with database.workspace(workspace) as tx:
        [event] = log.list_events(tx, kind="form.answered", before=None, limit=9)
        assert [one["value"] for one in event.props["answers"]] == ["friend", "Marta", [3], 4]
        assert responses.list_responses(tx, quiz.name)[0].version == 2


def test_a_consent_counts_only_for_the_words_that_were_read(
    database: Database, workspace: str, now: datetime, quiz: Form
) -> None:
    with database.workspace(workspace) as tx:
        fill(tx, quiz, now, for_whom="mother", may_write=True)
        other = CONSENT | {"labelTrue": "Yes, and ring me up, too."}
        edited = changing.save_form(tx, quiz.name, survey(WHOM, LIKES, LIKED, other), now)
        response = responses.start(tx, edited, Who(responses.visitor(tx, "visitor-1")), now)
        assert responses.in_step(tx, edited, response).answers == {"for_whom": "mother"}


@pytest.mark.parametrize(
    ("question", "problem"),
    [
        (LIKES | {"type": "radiogroup"}, "of the kind list and cannot become number"),
        (LIKES | {"type": "comment", "choices": None}, "of the kind list and cannot become text"),
        (CONSENT | {"consent": None}, "what it permits cannot change"),
        (CONSENT | {"consent": {"purpose": "service", "channel": "email"}}, "what it permits cannot change"),
        (LIKED | {"rateMax": 10}, "its scale cannot change any more"),
    ],
)
def test_what_a_question_is_called_keeps_its_meaning(
    database: Database, workspace: str, now: datetime, quiz: Form, question: dict[str, Any], problem: str
) -> None:
    with database.workspace(workspace) as tx:
        fill(tx, quiz, now, liked=4)
        changing.save_form(tx, quiz.name, survey(WHOM), now)
    with pytest.raises(Conflict, match=problem) as refused, database.workspace(workspace) as tx:
        changing.save_form(tx, quiz.name, survey(WHOM, question), now)
    assert refused.value.field == f"question:{question['name']}"
    with database.workspace(workspace) as tx:
        assert forms.get_form(tx, quiz.name).version == 2
        assert changing.save_form(tx, quiz.name, survey(WHOM, LIKES, LIKED, CONSENT), now).version == 3


def test_a_scale_that_nobody_used_may_change(database: Database, workspace: str, now: datetime, quiz: Form) -> None:
    with database.workspace(workspace) as tx:
        fill(tx, quiz, now, for_whom="mother")
        assert changing.save_form(tx, quiz.name, survey(LIKED | {"rateMax": 10}), now).version == 2


def test_whoever_saves_second_overwrites_nothing_and_the_same_again_is_no_version(
    database: Database, workspace: str, now: datetime, quiz: Form
) -> None:
    with database.workspace(workspace) as tx:
        changing.save_form(tx, quiz.name, survey(WHOM), now, replaces=1)
        assert changing.save_form(tx, quiz.name, survey(WHOM), now, replaces=2).version == 2
    with pytest.raises(Overtaken), database.workspace(workspace) as tx:
        changing.save_form(tx, quiz.name, survey(LIKES), now, replaces=1)


def test_an_earlier_version_is_asked_again(database: Database, workspace: str, now: datetime, quiz: Form) -> None:
    with database.workspace(workspace) as tx:
        changing.save_form(tx, quiz.name, survey(WHOM), now)
        back = changing.restore_form(tx, quiz.name, 1, now, replaces=2)
        assert (back.version, back.survey) == (3, quiz.survey)
        assert list(forms.forms_at(tx, back)) == [3, 2, 1]
        assert forms.survey_of(tx, quiz.name, 2) == survey(WHOM)
    with pytest.raises(Invalid), database.workspace(workspace) as tx:
        changing.restore_form(tx, quiz.name, 9, now)


def test_what_is_forgotten_goes_also_where_the_question_is_asked_no_more(
    database: Database, workspace: str, now: datetime, quiz: Form
) -> None:
    with database.workspace(workspace) as tx:
        done = responses.finish(tx, quiz, fill(tx, quiz, now, for_whom="mother"), now, locale="en", gettext=str)
    with database.workspace(workspace) as tx:
        changing.save_form(tx, quiz.name, survey(LIKED), now)
        own_page.blank(tx, [done.identity_id], {f"{quiz.name}.for_whom"})
        assert responses.list_responses(tx, quiz.name)[0].answers == {}


def test_a_closed_form_asks_nobody_and_opens_again(
    database: Database, workspace: str, now: datetime, quiz: Form
) -> None:
    with database.workspace(workspace) as tx:
        assert first_question(tx, quiz.name)
        assert changing.close_form(tx, quiz.name, now).closed_at == now
        assert changing.close_form(tx, quiz.name, now + timedelta(days=1)).closed_at == now
        assert first_question(tx, quiz.name) is None
        assert changing.reopen_form(tx, quiz.name).closed_at is None
