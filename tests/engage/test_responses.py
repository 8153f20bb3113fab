"""Forms and responses: made once, answered screen by screen, and one event however often the end is posted."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from importlib.resources import files
from typing import Any

import msgspec
import pytest

from regulars.access.workspaces import create_workspace, delete_workspace, workspace_at
from regulars.engage import confirmations, forms, responses
from regulars.engage.forms import Form
from regulars.engage.responses import Response, Who
from regulars.hear.identities import intern
from regulars.remember import facts
from regulars.store import records as log
from regulars.store.database import Database, Tx
from regulars.store.records import Event
from regulars.words.errors import Conflict, Invalid, LinkDead, Unknown

QUIZ: dict[str, Any] = msgspec.json.decode(
    (files("regulars.testing.shop") / "forms" / "gift-quiz.json").read_bytes(), type=dict[str, Any]
)
FULL = {
    "for_whom": "mother",
    "whose": "Marta",
    "occasion": "birthday",
    "when": "2026-05-14",
    "likes": ["baking", "garden"],
    "early": 4,
    "gifts_a_year": 12,
    "email": "ieva@example.com",
    "may_write": True,
}


@pytest.fixture
def quiz(database: Database, workspace: str, now: datetime) -> Form:
    with database.workspace(workspace) as tx:
        return forms.create_form(tx, f"quiz-{workspace}".replace("_", "-"), QUIZ, now)


def fill(tx: Tx, form: Form, who: Who, now: datetime, answers: dict[str, Any] = FULL) -> Response:
    response = responses.start(tx, form, who, now)
    for name, value in answers.items():
        question = form.survey.question(name)
        assert question
        response = responses.answer(tx, form, response, question, value)
    return responses.finish(tx, form, response, now, locale="en", gettext=str)


def stranger(tx: Tx, name: str = "visitor-1") -> Who:
    return Who(responses.visitor(tx, name))


def known(tx: Tx, message_id: int | None = None) -> Who:
    return Who(intern(tx, [("email", "ieva@example.com")])["email", "ieva@example.com"], True, message_id)


def events(tx: Tx, kind: str | None = "form.answered") -> list[Event]:
    return log.list_events(tx, kind=kind, before=None, limit=100)[::-1]


def test_a_form_holds_its_public_address_and_declares_its_facts(database: Database, workspace: str, quiz: Form) -> None:
    assert workspace_at(database, f"f/{quiz.name}") == workspace
    with database.workspace(workspace) as tx:
        catalogue = facts.catalogue(tx)
        assert catalogue["occasion_date"].kind == "date"
        assert catalogue[f"{quiz.name}.likes"].kind == "list"
        assert catalogue["gift_for"].label == "For whom do you like to give?"
        assert "may_write" not in {name.rpartition(".")[2] for name in catalogue}
        assert forms.get_form(tx, quiz.name).survey == quiz.survey
        assert [(one.name, one.started, one.finished) for one in forms.list_forms(tx)] == [(quiz.name, 0, 0)]


def test_a_name_that_is_taken_anywhere_leaves_nothing_behind(database: Database, now: datetime, quiz: Form) -> None:
    create_workspace(database, "other_shop", "Other")
    try:
        with pytest.raises(Conflict), database.workspace("other_shop") as tx:
            forms.create_form(tx, quiz.name, QUIZ, now)
        with database.workspace("other_shop") as tx:
            assert forms.list_forms(tx) == []
            assert facts.catalogue(tx) == {}
    finally:
        delete_workspace(database, "other_shop")


def test_a_form_is_made_once_and_must_be_named_well(
    database: Database, workspace: str, now: datetime, quiz: Form
) -> None:
    with pytest.raises(Conflict), database.workspace(workspace) as tx:
        forms.create_form(tx, quiz.name, QUIZ, now)
    with pytest.raises(Invalid), database.workspace(workspace) as tx:
        forms.create_form(tx, "Gift Quiz", QUIZ, now)
    with pytest.raises(Unknown), database.workspace(workspace) as tx:
        forms.get_form(tx, "nothing")


def test_a_finished_response_is_one_event_with_typed_values_and_words(
    database: Database, workspace: str, now: datetime, quiz: Form
) -> None:
    with database.workspace(workspace) as tx:
        who = stranger(tx)
        response = fill(tx, quiz, who, now)
    with database.workspace(workspace) as tx:
        [event] = events(tx)
        assert (event.identity_id, event.at, event.cause) == (who.identity_id, now, None)
        assert event.props["response"] == str(response.id)
        assert event.props["verified"] is False
        said = {one["question"]: one for one in event.props["answers"]}
        assert said["likes"]["value"] == ["baking", "garden"]
        assert said["likes"]["words"] == "Baking: cake cases and tins and The garden"
        assert said["when"] == {
            "question": "when", "title": "When is it?", "kind": "date", "value": "2026-05-14",
            "words": "14 May 2026", "fact": "occasion_date",
        }  # fmt: skip
        assert "may_write" not in said
        [consent] = event.props["consents"]
        assert (consent["purpose"], consent["channel"], consent["granted"]) == ("marketing", "email", True)
        assert consent["words"].startswith("Yes, write to me")


def test_answers_to_questions_that_became_hidden_are_dropped(
    database: Database, workspace: str, now: datetime, quiz: Form
) -> None:
    with database.workspace(workspace) as tx:
        response = fill(tx, quiz, stranger(tx), now)
        assert {"whose", "when"} <= response.answers.keys()
        fill(tx, quiz, stranger(tx), now, {"for_whom": "myself", "occasion": "just-because"})
    with database.workspace(workspace) as tx:
        assert not {"whose", "when"} & {one["question"] for one in events(tx)[-1].props["answers"]}


def test_an_unticked_consent_says_nothing(database: Database, workspace: str, now: datetime, quiz: Form) -> None:
    with database.workspace(workspace) as tx:
        fill(tx, quiz, stranger(tx), now, {**FULL, "may_write": None})
    with database.workspace(workspace) as tx:
        assert events(tx)[0].props["consents"] == []


def test_finishing_from_many_hands_at_once_appends_once(
    database: Database, workspace: str, now: datetime, quiz: Form
) -> None:
    def post(_: int) -> None:
        with database.workspace(workspace) as tx:
            fill(tx, quiz, known(tx, 7), now)

    with ThreadPoolExecutor(6) as hands:
        list(hands.map(post, range(12)))
    with database.workspace(workspace) as tx:
        assert len(events(tx)) == 1
        assert responses.count_responses(tx, quiz.name) == 1


def test_a_changed_answer_is_said_again_and_the_same_one_is_not(
    database: Database, workspace: str, now: datetime, quiz: Form
) -> None:
    for minute, whose in enumerate(["Marta", "Marta", "Anna", "Anna"]):
        with database.workspace(workspace) as tx:
            fill(tx, quiz, known(tx, 7), now + timedelta(minutes=minute), {**FULL, "whose": whose})
    with database.workspace(workspace) as tx:
        said = [next(a["value"] for a in one.props["answers"] if a["question"] == "whose") for one in events(tx)]
        assert said == ["Marta", "Anna"]


def test_each_message_that_asks_gets_its_own_response(
    database: Database, workspace: str, now: datetime, quiz: Form
) -> None:
    for message in (7, 8, None):
        with database.workspace(workspace) as tx:
            fill(tx, quiz, known(tx, message), now)
    with database.workspace(workspace) as tx:
        assert [one.props["message"] for one in events(tx)] == [7, 8, None]
        assert len(responses.list_responses(tx, quiz.name)) == 3


def test_whoever_came_by_our_mail_is_not_asked_for_the_address(quiz: Form) -> None:
    asked = {one.name for one in responses.asked(quiz, FULL, verified=True)}
    assert asked == {one.name for one in responses.asked(quiz, FULL, verified=False)} - {"email"}


def test_a_required_question_that_was_skipped_is_found(
    database: Database, workspace: str, now: datetime, quiz: Form
) -> None:
    with database.workspace(workspace) as tx:
        response = responses.start(tx, quiz, stranger(tx), now)
        missing = responses.unanswered(tx, quiz, response)
        assert missing is not None
        assert missing.name == "for_whom"


def confirm_first(tx: Tx, quiz: Form, now: datetime, visitor: str = "visitor-1") -> tuple[Response, str | None]:
    response = fill(tx, quiz, stranger(tx, visitor), now)
    want = confirmations.wanted(quiz, response, "en")
    assert want is not None
    return response, confirmations.ask(tx, response, want, now)


def test_a_confirmed_address_joins_the_visitor_and_says_everything_again_verified(
    database: Database, workspace: str, now: datetime, quiz: Form
) -> None:
    with database.workspace(workspace) as tx:
        response, secret = confirm_first(tx, quiz, now)
    assert secret
    later = now + timedelta(hours=5)
    for _ in range(2):
        with database.workspace(workspace) as tx:
            assert confirmations.confirm(tx, secret, later).address == "ieva@example.com"
    with database.workspace(workspace) as tx:
        first, who, consent, again = events(tx, None)
        address = intern(tx, [("email", "ieva@example.com")])["email", "ieva@example.com"]
        assert {one.identity_id for one in (who, consent, again)} == {address}
        assert (who.kind, who.at) == ("identify", later)
        assert who.props["verified"] is True
        assert who.props["links"] == [response.identity_id]
        assert (consent.kind, consent.props["granted"], consent.props["purpose"]) == (
            "consent.changed", True, "marketing",
        )  # fmt: skip
        assert (again.kind, again.at, again.cause, again.depth) == ("form.answered", now, first.seq, 1)
        assert again.props == {**first.props, "verified": True, "consents": []}


@pytest.mark.parametrize("forgotten", ["email", "may_write"])
def test_nothing_is_confirmed_without_both_an_address_and_a_tick(
    database: Database, workspace: str, now: datetime, quiz: Form, forgotten: str
) -> None:
    with database.workspace(workspace) as tx:
        response = fill(tx, quiz, stranger(tx), now, {**FULL, forgotten: None})
        assert confirmations.wanted(quiz, response, "en") is None


def test_whoever_is_known_has_nothing_to_confirm(database: Database, workspace: str, now: datetime, quiz: Form) -> None:
    with database.workspace(workspace) as tx:
        assert confirmations.wanted(quiz, fill(tx, quiz, known(tx), now), "en") is None


def test_an_address_is_asked_at_most_once_an_hour_whoever_types_it(
    database: Database, workspace: str, now: datetime, quiz: Form
) -> None:
    asked: list[str | None] = []
    for visitor, minutes in (("a", 0), ("a", 10), ("b", 20), ("c", 61)):
        with database.workspace(workspace) as tx:
            asked.append(confirm_first(tx, quiz, now + timedelta(minutes=minutes), visitor)[1])
    assert [secret is not None for secret in asked] == [True, False, False, True]


def test_a_mailbox_that_says_nothing_gets_three_mails_under_whatever_names_strangers_find(
    database: Database, workspace: str, now: datetime, quiz: Form
) -> None:
    def asked(address: str, visitor: int, later: timedelta) -> bool:
        with database.workspace(workspace) as tx:
            answers = {**FULL, "email": address}
            response = fill(tx, quiz, stranger(tx, f"v{visitor}"), now + later, answers)
            want = confirmations.wanted(quiz, response, "en")
            assert want is not None
            return confirmations.ask(tx, response, want, now + later) is not None

    names = ["ann@x.example", "ann+1@x.example", "ann+2@x.example", "ann@x.example", "ann+3@x.example"]
    hours = [timedelta(hours=2 * n) for n in range(5)]
    assert [asked(name, n, hours[n]) for n, name in enumerate(names)] == [True, True, True, False, False]
    assert not asked("ann+4@x.example", 9, timedelta(minutes=1))
    assert asked("anna+1@x.example", 10, hours[4])
    assert asked("ann@y.example", 11, hours[4])
    assert asked("ann@x.example", 12, timedelta(days=4))


@pytest.mark.parametrize("late", [timedelta(), timedelta(days=4)])
def test_a_forged_or_old_link_confirms_nothing(
    database: Database, workspace: str, now: datetime, quiz: Form, late: timedelta
) -> None:
    with database.workspace(workspace) as tx:
        secret = confirm_first(tx, quiz, now)[1] or ""
    secret = secret if late else "forged"
    with pytest.raises(LinkDead), database.workspace(workspace) as tx:
        confirmations.confirm(tx, secret, now + late)
    with database.workspace(workspace) as tx:
        assert len(events(tx, None)) == 1
