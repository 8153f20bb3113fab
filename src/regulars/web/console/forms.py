"""Forms: the list, one with what was answered, and a new one from SurveyJS JSON."""

from typing import Any

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from regulars.access.rights import Right
from regulars.engage import forms, responses
from regulars.measure.answers import tally
from regulars.remember.customers import customer_of
from regulars.web.console.desk import AtDesk, Desk, needs
from regulars.web.i18n import say, translator
from regulars.web.noting import notes
from regulars.words.errors import Conflict, Invalid

NEWEST = 20
_EXAMPLE = """{
  "title": "How did you like your order?",
  "elements": [
    {"type": "rating", "name": "liked", "title": "How did you like it?", "isRequired": true},
    {"type": "comment", "name": "why", "title": "What should we know?"}
  ]
}"""


@get("/forms", sync_to_thread=True)
def form_list(desk: AtDesk) -> Response[str]:
    """Show all forms with how many have answered."""
    with desk.tx() as tx:
        return desk.page("forms.html", forms=forms.list_forms(tx))


@get("/forms/{name:str}", sync_to_thread=True, opt=notes("form.seen", "form", by="name"))
def one_form(desk: AtDesk, name: FromPath[str]) -> Response[str]:
    """Show one form: its public link, the counts, and the newest answers."""
    gettext = translator(desk.locale).gettext
    with desk.tx() as tx:
        form = forms.get_form(tx, name)
        found = responses.list_responses(tx, name, limit=NEWEST)
        then = forms.forms_at(tx, form, {one.version for one in found})
        newest = [
            (
                one,
                responses.said(then.get(one.version, form), one, desk.locale, gettext),
                customer_of(tx, one.identity_id),
            )
            for one in found
        ]
        return desk.page(
            "form.html",
            form=form,
            link=f"{desk.house.base_url}/f/{form.name}",
            tallies=tally(tx, form, desk.locale, gettext),
            newest=newest,
            total=responses.count_responses(tx, name),
        )


@get("/new/form", sync_to_thread=True, opt=needs(Right.COMPOSE))
def new_form(desk: AtDesk) -> Response[str]:
    """Show the form for a new form."""
    return _form(desk, {"survey": _EXAMPLE}, {})


@post("/new/form", sync_to_thread=True, opt=needs(Right.COMPOSE) | notes("form.made", "form"))
def create_form(desk: AtDesk) -> Response[str] | Redirect:
    """Make a form. What was typed stays, with the error beside its field."""
    name = desk.form.get("name", "")
    try:
        survey = msgspec.json.decode(desk.form.get("survey", ""))
    except (msgspec.DecodeError, RecursionError) as error:
        wrong = Invalid("This is not JSON: {problem}.", problem=str(error).removeprefix("JSON is malformed: "))
        return _form(desk, desk.form, {"survey": say(wrong, desk.locale)})
    try:
        with desk.noted(name=name) as tx:
            desk.slip.tell(label=forms.create_form(tx, name, survey, desk.now).title)
    except (Invalid, Conflict) as error:
        return _form(desk, desk.form, {error.field: say(error, desk.locale)})
    return desk.go(f"/forms/{name}")


def _form(desk: Desk, form: Any, errors: dict[str, str]) -> Response[str]:
    return desk.page("form_new.html", status=400 if errors else 200, form=form, errors=errors)


ROUTES = [form_list, one_form, new_form, create_form]
