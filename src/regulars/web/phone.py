"""A form's question as a customer's phone shows it, for whoever composes it: the page itself, asking nobody."""

from types import SimpleNamespace

from regulars.access.records import Workspace
from regulars.engage.forms import Form
from regulars.engage.questions import Question
from regulars.web.brands import brand_of
from regulars.web.i18n import environment, translator

_PAGES = "regulars.web.pages"


def phone(workspace: Workspace, form: Form, question: Question, locale: str, *, place: int, count: int) -> str:
    """Return the page that asks a question, in the workspace's look; what is pressed there leads nowhere."""
    brand = brand_of(workspace)
    return (
        environment(_PAGES, locale, workspace.zone)
        .get_template("question.html")
        .render(
            visit=SimpleNamespace(here="", languages=()),
            locale=locale,
            brand=brand,
            phrases=brand.phrases(translator(locale).gettext),
            form=form,
            question=question,
            typed=[],
            told=None,
            error="",
            place=place,
            count=count,
            action="",
            back="",
            visitor="",
        )
    )
