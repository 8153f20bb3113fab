"""Changing a form that is there: asking something else from now on, closing it, opening it again.

What a question is called keeps its meaning for as long as the form lives: the kind of its fact, what it permits and,
once somebody has answered it, the steps of its scale. Everything else may change; answers given before are read
against the version that they were given to.
"""

from datetime import datetime
from typing import Any

from regulars.engage import records
from regulars.engage.forms import Form, declare, forms_at, get_form
from regulars.engage.questions import Question
from regulars.engage.survey import Survey, parse_survey
from regulars.store.database import Tx
from regulars.words.errors import Conflict, Invalid, Overtaken, concerning


def save_form(tx: Tx, name: str, survey: dict[str, Any], now: datetime, *, replaces: int | None = None) -> Form:
    """Keep the next version of a form; the same survey again changes nothing.

    Raise Invalid for what cannot be asked, Conflict for a question that would mean something else than before,
    Overtaken where it was begun from the version it `replaces` and that is not the newest any more.
    """
    before = get_form(tx, name)
    with concerning("survey"):
        parsed = parse_survey(survey)
    held = records.hold_form(tx, name)
    if held is None or (replaces is not None and held.version != replaces):
        raise Overtaken("Somebody else saved the form '{name}' just now. Look at it, then save again.", name=name)
    if held.survey == survey:
        return before
    with concerning("survey"):
        check_meaning(tx, before, parsed)
        declare(tx, name, parsed)
    records.keep_form(tx, name, parsed.title.at("default") or name, survey, now)
    return get_form(tx, name)


def check_meaning(tx: Tx, form: Form, survey: Survey) -> None:
    """Raise Conflict, naming the question, where one would mean something else than it meant in any version."""
    old: dict[str, Question] = {}
    for one in forms_at(tx, form).values():
        old = {question.name: question for question in one.survey.questions} | old
    for question in survey.questions:
        known = old.get(question.name)
        if known is not None and (wrong := _changed(tx, form.name, known, question)):
            wrong.field = f"question:{question.name}"
            raise wrong


def _changed(tx: Tx, form: str, known: Question, question: Question) -> Conflict | None:
    if known.consent != question.consent:
        return Conflict(
            "question '{name}': what it permits cannot change, for people may have agreed to it. Add a new question "
            "with another name, and remove this one.",
            name=question.name,
        )
    if known.consent is None and known.kind != question.kind:
        return Conflict(
            "question '{name}': its answers are of the kind {known} and cannot become {kind}. Add a new question with "
            "another name, and remove this one.",
            name=question.name, known=known.kind, kind=question.kind,
        )  # fmt: skip
    scaled = "rating" in {known.type, question.type} and _steps(known) != _steps(question)
    if scaled and records.is_answered(tx, form, question.name):
        return Conflict(
            "question '{name}': its scale cannot change any more, for people have answered it. Add a new question with "
            "another name, and remove this one.",
            name=question.name,
        )
    return None


def _steps(question: Question) -> list[str | float]:
    return [choice.value for choice in question.choices]


def restore_form(tx: Tx, name: str, version: int, now: datetime, *, replaces: int | None = None) -> Form:
    """Ask again what an earlier version asked, as the next version; raise Invalid where there is no such version."""
    for one in records.form_versions(tx, get_form(tx, name).name, [version]):
        return save_form(tx, name, one.survey, now, replaces=replaces)
    raise Invalid("The form '{name}' has no version {version}.", name=name, version=version)


def close_form(tx: Tx, name: str, now: datetime) -> Form:
    """Let nobody answer a form any more; what was answered until now is kept, also where it is half done."""
    get_form(tx, name)
    records.set_closed(tx, name, now)
    return get_form(tx, name)


def reopen_form(tx: Tx, name: str) -> Form:
    """Let customers answer a form again; who had begun goes on where they were."""
    get_form(tx, name)
    records.set_closed(tx, name, None)
    return get_form(tx, name)
