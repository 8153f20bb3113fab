"""Forms: what is asked, under a public address, and which facts the answers become.

A form can be edited, so it has versions; `get_form` is what it asks now, `form_at` what it asked once. How it changes
is in `changing.py`.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

import msgspec

from regulars.access.workspaces import claim_address
from regulars.engage import records
from regulars.engage.records import FormRow, FormSummary
from regulars.engage.survey import Survey, parse_survey
from regulars.remember import facts
from regulars.store.database import Tx
from regulars.words.errors import Conflict, Unknown, concerning
from regulars.words.names import check_name

__all__ = [
    "Form",
    "FormSummary",
    "create_form",
    "declare",
    "form_at",
    "forms_at",
    "get_form",
    "list_forms",
    "newest",
    "survey_of",
    "titles",
]


class Form(msgspec.Struct, frozen=True):
    """A form that customers can fill in at `/f/<name>`; nobody can while it is closed."""

    name: str
    title: str
    survey: Survey
    created_at: datetime
    version: int = 1
    closed_at: datetime | None = None


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
        declare(tx, name, parsed)
    return Form(name, title, parsed, now)


def declare(tx: Tx, name: str, survey: Survey) -> None:
    """Enter into the catalogue what the answers to a form become; raise Conflict where a fact is of another kind."""
    for question in survey.questions:
        if question.consent is None:
            for fact in filter(None, (f"{name}.{question.name}", question.fact)):
                facts.declare(tx, fact, question.kind, question.title.at("default"))


def get_form(tx: Tx, name: str) -> Form:
    """Return a form; raise Unknown where there is none."""
    return _form(_row(tx, name))


def form_at(tx: Tx, form: Form, version: int) -> Form:
    """Return a form as a version of it asked; as it is where there is no such version."""
    return form if version == form.version else forms_at(tx, form, [version]).get(version, form)


def forms_at(tx: Tx, form: Form, versions: Collection[int] | None = None) -> dict[int, Form]:
    """Return some or all versions of a form, the newest first."""
    found = records.form_versions(tx, form.name, versions)
    return {
        one.version: msgspec.structs.replace(form, survey=parse_survey(one.survey), version=one.version)
        for one in found
    }


def survey_of(tx: Tx, name: str, version: int | None = None) -> dict[str, Any]:
    """Return a form's SurveyJS JSON as it was sent, now or in a version; raise Unknown where there is none."""
    row = _row(tx, name)
    if version in {None, row.version}:
        return row.survey
    for one in records.form_versions(tx, name, [version or 0]):
        return one.survey
    raise Unknown("The form '{name}' has no version {version}.", name=name[:80], version=version)


def _row(tx: Tx, name: str) -> FormRow:
    row = records.get_form(tx, name)
    if row is None:
        raise Unknown("There is no form '{name}'. Look at the link once more.", name=name[:80])
    return row


def _form(row: FormRow) -> Form:
    return Form(row.name, row.title, parse_survey(row.survey), row.created_at, row.version, row.closed_at)


def is_answered(tx: Tx, name: str, question: str) -> bool:
    """Return whether anybody answered a question of a form."""
    return records.is_answered(tx, name, question)


def list_forms(tx: Tx, names: Collection[str] | None = None) -> list[FormSummary]:
    """Return all forms or those named, with how many have begun and finished them, newest first."""
    return records.list_forms(tx, names)


def titles(tx: Tx, among: Collection[str] | None = None) -> dict[str, str]:
    """Return what each form is called, or each of those named, newest first; unlike `list_forms` it counts nobody."""
    return records.titles(tx, among)


def newest(tx: Tx, most: int) -> list[Form]:
    """Return some forms, the newest first."""
    return [_form(row) for row in records.newest_forms(tx, most)]


def open_forms(tx: Tx) -> dict[str, str]:
    """Return what each form that can be answered is called, by name, newest first."""
    return records.open_forms(tx)
