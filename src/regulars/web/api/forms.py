"""Forms: the list, and a new one from SurveyJS JSON."""

from datetime import datetime
from typing import Any

import msgspec
from litestar import Response, get, post

from regulars.engage import forms
from regulars.engage.forms import FormSummary
from regulars.store.database import Tx
from regulars.web.api.entry import AnyRequest, Cursor, Limit, Listing, opened, part_of
from regulars.web.api.once import once
from regulars.web.api.telling import told
from regulars.web.noting import notes
from regulars.wiring import House
from regulars.words.clock import utc_now


class NewForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A form to make: the last part of its public link, and what it asks, in SurveyJS JSON."""

    name: str
    survey: dict[str, Any]


class Made(msgspec.Struct, frozen=True):
    """A form that was made, and the link under which customers find it."""

    name: str
    title: str
    link: str
    created_at: datetime


@get("/forms", sync_to_thread=True)
def list_forms(request: AnyRequest, limit: Limit = 50, cursor: Cursor = None) -> Listing[FormSummary]:
    """List forms with how many have begun and finished them, the newest first."""
    with opened(request) as tx:
        return part_of(forms.list_forms(tx), limit, cursor)


@post(
    "/forms",
    sync_to_thread=True,
    opt=told(
        takes=NewForm,
        status=201,
        gives=Made,
        body={
            "name": "how-was-it",
            "survey": {
                "title": "How did you like your order?",
                "elements": [{"type": "rating", "name": "liked", "title": "How did you like it?"}],
            },
        },
    )
    | notes("form.made", "form"),
)
def create_form(request: AnyRequest) -> Response[bytes]:
    """Make a form, with its public link and the facts that its answers become."""
    house: House = request.app.state.house

    def create(tx: Tx, said: NewForm) -> Made:
        form = forms.create_form(tx, said.name, said.survey, utc_now())
        return Made(form.name, form.title, f"{house.base_url}/f/{form.name}", form.created_at)

    return once(request, NewForm, create)


HANDLERS = [list_forms, create_form]
