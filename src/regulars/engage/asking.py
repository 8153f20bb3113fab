"""The question that a message asks: the first of a form, as `speak` wants to know it; and templates that ask one."""

from regulars.engage.forms import get_form
from regulars.engage.questions import Question
from regulars.speak import library
from regulars.speak.asking import Ask, Option
from regulars.speak.blocks import Blocks
from regulars.speak.templates import Template, forms_of
from regulars.store.database import Tx
from regulars.words.errors import Unknown, concerning

_IN_ONE_TAP = frozenset({"radiogroup", "dropdown", "rating"})
_MOST_LINKS = 12
"""A mail with more links than this is no question any more; it links to the form instead."""


def first_question(tx: Tx, form: str) -> Ask | None:
    """Return what a form asks first, with the answers that one tap can choose; None where nobody can answer it."""
    try:
        found = get_form(tx, form)
    except Unknown:
        return None
    if found.closed_at is not None:
        return None
    question = found.survey.asked({})[0]
    return Ask(form, question.name, question.title.at("default"), _options(question))


def save_template(
    tx: Tx,
    name: str,
    *,
    subject: str,
    html: str = "",
    text: str = "",
    ask: str | None = None,
    blocks: Blocks | None = None,
    replaces: int | None = None,
    title: str | None = None,
) -> Template:
    """Keep a template as the next version of its name; raise Unknown for one that leads to a form that is not there."""
    kept = library.save_template(
        tx, name, subject=subject, html=html, text=text, ask=ask, blocks=blocks, replaces=replaces, title=title
    )
    check_forms(tx, kept)
    return kept


def check_forms(tx: Tx, template: Template) -> None:
    """Raise Unknown where there is no form that a template asks or leads to."""
    if template.ask:
        with concerning("ask"):
            get_form(tx, template.ask)
    for form in sorted(forms_of(template)):
        with concerning("blocks" if template.blocks else "html"):
            get_form(tx, form)


def _options(question: Question) -> tuple[Option, ...]:
    if question.type not in _IN_ONE_TAP or len(question.choices) > _MOST_LINKS:
        return ()
    return tuple(Option(str(choice.value), choice.text.at("default")) for choice in question.choices)
