"""Forms: the list, one with its answers and what they come to; made of SurveyJS JSON, edited, closed and opened."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath, FromQuery

from regulars.engage import changing, forms, responses
from regulars.engage.forms import Form, FormSummary
from regulars.engage.responses import Said
from regulars.measure.answers import Tally, tally
from regulars.remember.customers import customers_of
from regulars.remember.folding import holds
from regulars.store.database import Tx
from regulars.web import cursors
from regulars.web.api.entry import AnyRequest, Cursor, Limit, Listing, opened, part, part_of, reader_of
from regulars.web.api.once import Nothing, once
from regulars.web.api.telling import told
from regulars.web.codes import PNG, SVG, code_of, link_of
from regulars.web.i18n import translator
from regulars.web.noting import notes, slip_of
from regulars.wiring import House
from regulars.words.clock import utc_now


class NewForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A form to make: the last part of its public link, and what it asks, in SurveyJS JSON."""

    name: str
    survey: dict[str, Any]


class NextForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a form asks from now on.

    `replaces`: the version that it was begun from. Where a newer one has been saved since, it is refused with 409 and
    overwrites nothing; without it, it becomes the newest whatever was saved.
    """

    survey: dict[str, Any]
    replaces: int | None = None


class Made(msgspec.Struct, frozen=True):
    """A form that was made, and the link under which customers find it."""

    name: str
    title: str
    link: str
    created_at: datetime


class Whole(msgspec.Struct, frozen=True):
    """A form: what it asks, in SurveyJS JSON, where it is found, and how many have begun it.

    `version` is that of its questions; `closed_at` says since when nobody can answer it, if so.
    """

    name: str
    title: str
    link: str
    created_at: datetime
    version: int
    closed_at: datetime | None
    survey: dict[str, Any]
    begun: int


class Answered(msgspec.Struct, frozen=True):
    """A form as somebody filled it in, by a link in a message if one asked; `customer_id` once they are met.

    `version` is that of the questions they answered.
    """

    id: UUID
    customer_id: int | None
    verified: bool
    message_id: int | None
    started_at: datetime
    finished_at: datetime | None
    version: int
    said: Said


@get("/forms", sync_to_thread=True)
def list_forms(
    request: AnyRequest, q: FromQuery[str] = "", limit: Limit = 50, cursor: Cursor = ""
) -> Listing[FormSummary]:
    """List forms with how many have begun and finished them, the newest first: all, or those of a title (`q`)."""
    with opened(request) as tx:
        found = [name for name, title in forms.titles(tx).items() if holds(q, title, name)]
        shown = part_of(found, limit, cursor, str)
        return Listing(forms.list_forms(tx, shown.items), shown.total, shown.next)


@get("/forms/{name:str}", sync_to_thread=True, opt=told(name="gift-quiz"))
def get_form(request: AnyRequest, name: FromPath[str], version: FromQuery[int | None] = None) -> Whole:
    """Return one form: its link, what it asks, and how many have begun it; what a version of it asked, if named."""
    with opened(request) as tx:
        return _whole(request, tx, forms.get_form(tx, name), version)


def _whole(request: AnyRequest, tx: Tx, form: Form, version: int | None = None) -> Whole:
    house: House = request.app.state.house
    return Whole(
        form.name,
        form.title,
        link_of(house, form.name),
        form.created_at,
        version or form.version,
        form.closed_at,
        forms.survey_of(tx, form.name, version),
        responses.count_responses(tx, form.name),
    )


@get("/forms/{name:str}/qr.svg", sync_to_thread=True, opt=told(name="gift-quiz", file=SVG))
def draw_qr_svg(request: AnyRequest, name: FromPath[str]) -> Response[bytes]:
    """Draw a form's link as a QR code, to be printed in any size (SVG)."""
    with opened(request) as tx:
        return code_of(tx, request.app.state.house, name, "svg")


@get("/forms/{name:str}/qr.png", sync_to_thread=True, opt=told(name="gift-quiz", file=PNG))
def draw_qr_png(request: AnyRequest, name: FromPath[str]) -> Response[bytes]:
    """Draw a form's link as a QR code, for programs that take no SVG (PNG)."""
    with opened(request) as tx:
        return code_of(tx, request.app.state.house, name, "png")


@get("/forms/{name:str}/tallies", sync_to_thread=True, opt=told(name="gift-quiz"))
def list_tallies(request: AnyRequest, name: FromPath[str], limit: Limit = 50, cursor: Cursor = "") -> Listing[Tally]:
    """List what the finished answers come to: of each question with choices, how many chose what."""
    locale = reader_of(request)
    with opened(request) as tx:
        tallies = tally(tx, forms.get_form(tx, name), locale, translator(locale).gettext)
        return part_of(tallies, limit, cursor, lambda one: one.question)


@get(
    "/forms/{name:str}/answers",
    sync_to_thread=True,
    opt=told(name="gift-quiz", query={"limit": 10}) | notes("form.seen", "form", by="name"),
)
def list_answers(request: AnyRequest, name: FromPath[str], limit: Limit = 50, cursor: Cursor = "") -> Listing[Answered]:
    """List who filled in a form and what they said, the newest first; also what is not finished yet."""
    locale = reader_of(request)
    before = cursors.read(cursor, tuple[datetime, UUID])
    with opened(request) as tx:
        form = forms.get_form(tx, name)
        found = responses.list_responses(tx, name, limit=limit + 1, before=before)
        shown = part(found, responses.count_responses(tx, name), limit, lambda one: (one.started_at, one.id))
        met = customers_of(tx, {one.identity_id for one in shown.items})
        asked = forms.forms_at(tx, form, {one.version for one in shown.items})
        items = [
            Answered(
                one.id,
                met.get(one.identity_id),
                one.verified,
                one.message_id,
                one.started_at,
                one.finished_at,
                one.version,
                responses.said(asked.get(one.version, form), one, locale, translator(locale).gettext),
            )
            for one in shown.items
        ]
        return Listing(items, shown.total, shown.next)


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
                "elements": [
                    {
                        "type": "rating",
                        "name": "liked",
                        "title": "How did you like it?",
                        "minRateDescription": "Not at all",
                        "maxRateDescription": "Very much",
                    }
                ],
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
        return Made(form.name, form.title, link_of(house, form.name), form.created_at)

    return once(request, NewForm, create)


@post(
    "/forms/{name:str}",
    sync_to_thread=True,
    opt=told(
        takes=NextForm,
        gives=Whole,
        body={
            "survey": {
                "title": "Who do you love to give to?",
                "elements": [{"type": "text", "name": "whose", "title": "What is their first name?"}],
            },
            "replaces": 1,
        },
        name="gift-quiz",
    )
    | notes("form.saved", "form", by="name"),
)
def save_form(request: AnyRequest, name: FromPath[str]) -> Response[bytes]:
    """Ask something else from now on: the form's next version. Answers given before stay as they were given."""

    def save(tx: Tx, said: NextForm) -> Whole:
        before = forms.get_form(tx, name).version
        form = changing.save_form(tx, name, said.survey, utc_now(), replaces=said.replaces)
        slip_of(request).tell(label=form.title, before={"version": before}, after={"version": form.version})
        return _whole(request, tx, form)

    return once(request, NextForm, save)


@post(
    "/forms/{name:str}/close",
    sync_to_thread=True,
    opt=told(name="gift-quiz", takes=Nothing, gives=Whole) | notes("form.closed", "form", by="name"),
)
def close_form(request: AnyRequest, name: FromPath[str]) -> Response[bytes]:
    """Let nobody answer the form any more; what was answered is kept."""
    return once(request, Nothing, lambda tx, _: _whole(request, tx, changing.close_form(tx, name, utc_now())))


@post(
    "/forms/{name:str}/reopen",
    sync_to_thread=True,
    opt=told(name="gift-quiz", takes=Nothing, gives=Whole) | notes("form.reopened", "form", by="name"),
)
def reopen_form(request: AnyRequest, name: FromPath[str]) -> Response[bytes]:
    """Let customers answer the form again."""
    return once(request, Nothing, lambda tx, _: _whole(request, tx, changing.reopen_form(tx, name)))


HANDLERS = [
    list_forms,
    get_form,
    draw_qr_svg,
    draw_qr_png,
    list_tallies,
    list_answers,
    create_form,
    save_form,
    close_form,
    reopen_form,
]
