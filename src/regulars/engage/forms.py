"""Forms: what is asked, under a public address, and which facts the answers become."""

from datetime import datetime
from typing import Any

import msgspec

from regulars.access.workspaces import claim_address
from regulars.engage import records
from regulars.engage.records import FormSummary
from regulars.engage.survey import Survey, parse_survey
from regulars.remember import facts
from regulars.store.database import Tx
from regulars.words.errors import Conflict, Unknown, concerning
from regulars.words.names import check_name

__all__ = ["Form", "FormSummary", "create_form", "get_form", "list_forms", "survey_of"]


class Form(msgspec.Struct, frozen=True):
    """A form that customers can fill in at `/f/<name>`."""

    name: str
    title: str
    survey: Survey
    created_at: datetime


def create_form(tx: Tx, name: str, survey: dict[str, Any], now: datetime) -> Form:
    """Make a form from SurveyJS JSON, with its public address and its facts, all or nothing.

    Every question becomes the fact `<form>.<question>`, and the one it names by `fact`. Raise Invalid for what cannot
    be asked, Conflict where the name is taken or a fact is of another kind.
    """
    with concerning("name"):
        check_name(name)
    with concerning("survey"):
        parsed = parse_survey(survey)
    title = parsed.title.at("default") or name
    with concerning("name"):
        claim_address(tx, f"f/{name}", tx.workspace or "")
        if not records.add_form(tx, name, title, survey, now):
            raise Conflict("There is a form '{name}' already. Choose another name.", name=name)
    with concerning("survey"):
        _declare(tx, name, parsed)
    return Form(name, title, parsed, now)


def _declare(tx: Tx, name: str, survey: Survey) -> None:
    for question in survey.questions:
        if question.consent is None:
            for fact in filter(None, (f"{name}.{question.name}", question.fact)):
                facts.declare(tx, fact, question.kind, question.title.at("default"))


def get_form(tx: Tx, name: str) -> Form:
    """Return a form; raise Unknown where there is none."""
    row = records.get_form(tx, name)
    if row is None:
        raise _unknown(name)
    return Form(row.name, row.title, parse_survey(row.survey), row.created_at)


def survey_of(tx: Tx, name: str) -> dict[str, Any]:
    """Return a form's SurveyJS JSON as it was sent; raise Unknown where there is none."""
    row = records.get_form(tx, name)
    if row is None:
        raise _unknown(name)
    return row.survey


def _unknown(name: str) -> Unknown:
    return Unknown("There is no form '{name}'. Look at the link once more.", name=name[:80])


def list_forms(tx: Tx) -> list[FormSummary]:
    """Return all forms with how many have begun and finished them, newest first."""
    return records.list_forms(tx)
