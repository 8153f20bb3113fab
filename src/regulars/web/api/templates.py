"""Templates: the list, one in any of its versions, the next version, and a look at one that is not kept."""

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath, FromQuery

from regulars.access.workspaces import get_workspace
from regulars.engage.asking import check_forms, first_question, save_template
from regulars.remember.folding import holds
from regulars.speak import archiving, library
from regulars.speak.blocks import Blocks
from regulars.speak.bodies import made
from regulars.speak.context import worn
from regulars.speak.preview import preview
from regulars.speak.templates import Template
from regulars.store.database import Tx
from regulars.web.api.entry import AnyRequest, Cursor, Limit, Listing, opened, part_of
from regulars.web.api.messages import Look
from regulars.web.api.once import Nothing, once
from regulars.web.api.telling import told
from regulars.web.api.whom import customer_in
from regulars.web.noting import notes, slip_of
from regulars.wiring import House
from regulars.words.clock import utc_now
from regulars.words.errors import concerning

_PARTS = {
    "subject": 'About {{ told.gift_for | default("your gifts") }}',
    "html": '<p>You told us: {{ told.gift_for | default("nothing yet") }}</p><a href="{{ unsubscribe_url }}">Stop</a>',
    "text": 'You told us: {{ told.gift_for | default("nothing yet") }}. Stop: {{ unsubscribe_url }}',
}


class NewTemplate(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a message says: blocks, or HTML and text of one's own; `ask` is the form whose first question those ask.

    Of blocks the HTML, the text and what is asked are made, and the link that stops the mails stands below them always.
    `html` may be written as MJML, beginning with `<mjml>`; the HTML is made from it. Where `text` is empty, it is made
    from the HTML.

    `replaces`: the version that it was begun from. Where a newer one has been saved since, it is refused with 409 and
    overwrites nothing; without it, it becomes the newest whatever was saved.
    """

    name: str
    subject: str
    html: str = ""
    text: str = ""
    ask: str | None = None
    blocks: Blocks | None = None
    replaces: int | None = None
    title: str | None = None
    """What the team calls it; without one it keeps what it has, and a new one is called as its name says."""


class NewLook(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A template to look at, as it would be for a customer; without one, for somebody who told us nothing."""

    subject: str
    html: str = ""
    text: str = ""
    ask: str | None = None
    blocks: Blocks | None = None
    customer: str | None = None


@get("/templates", sync_to_thread=True)
def list_templates(
    request: AnyRequest,
    q: FromQuery[str] = "",
    limit: Limit = 50,
    cursor: Cursor = "",
    *,
    archived: FromQuery[bool] = False,
) -> Listing[Template]:
    """List the newest version of every template in use, by name, or of those archived: all, or of a title (`q`)."""
    with opened(request) as tx:
        labels = [one for one in library.labels(tx) if one.archived == archived]
        names = [one.name for one in labels if holds(q, one.title, one.name, one.subject)]
        shown = part_of(names, limit, cursor, str)
        return Listing(library.list_templates(tx, shown.items), shown.total, shown.next)


@get("/templates/{name:str}", sync_to_thread=True, opt=told(name="remember", query={"version": 1}))
def get_template(request: AnyRequest, name: FromPath[str], version: FromQuery[int | None] = None) -> Template:
    """Return one template, in its newest version or in the one that is named."""
    with opened(request) as tx:
        return library.get_template(tx, name, version)


@post(
    "/templates",
    sync_to_thread=True,
    opt=told(
        takes=NewTemplate,
        status=201,
        gives=Template,
        body={"name": "remember", "title": "A reminder", **_PARTS, "ask": "gift-quiz"},
    )
    | notes("template.saved", "template"),
)
def keep_template(request: AnyRequest) -> Response[bytes]:
    """Keep a template as the next version of its name; what was sent before stays as it was."""

    def keep(tx: Tx, said: NewTemplate) -> Template:
        kept = save_template(tx, **msgspec.structs.asdict(said))
        slip_of(request).tell(after={"version": kept.version})
        return kept

    return once(request, NewTemplate, keep)


@post(
    "/templates/{name:str}/archive",
    status_code=200,
    sync_to_thread=True,
    opt=told(name="unused", takes=Nothing, gives=Template) | notes("template.archived", "template", by="name"),
)
def archive_template(request: AnyRequest, name: FromPath[str]) -> Response[bytes]:
    """Offer a template no more; its versions stay. Refused with 409 while a live campaign sends it."""

    def archive(tx: Tx, _: Nothing) -> Template:
        archiving.archive(tx, [name], utc_now())
        return library.get_template(tx, name)

    return once(request, Nothing, archive)


@post(
    "/templates/{name:str}/restore",
    status_code=200,
    sync_to_thread=True,
    opt=told(name="unused", takes=Nothing, gives=Template) | notes("template.back", "template", by="name"),
)
def restore_template(request: AnyRequest, name: FromPath[str]) -> Response[bytes]:
    """Bring an archived template back."""

    def back(tx: Tx, _: Nothing) -> Template:
        archiving.bring_back(tx, [name])
        return library.get_template(tx, name)

    return once(request, Nothing, back)


@post(
    "/trials/template",
    sync_to_thread=True,
    opt=told(takes=NewLook, gives=Look, body={**_PARTS, "ask": "gift-quiz", "customer": "user:u-1"})
    | notes("template.tried", "template"),
)
def look(request: AnyRequest) -> Response[bytes]:
    """Say what a template would come to, for a customer or for somebody who told us nothing. Nothing is kept."""
    house: House = request.app.state.house

    def show(tx: Tx, said: NewLook) -> Look:
        html, text, ask = said.html, said.text, said.ask
        if said.blocks is not None:
            html, text, ask = library.parts_of(said.blocks, html, text, ask)
        body = made(said.subject, html, text, ask=bool(ask))
        draft = Template(0, "", 0, said.subject, body.html, body.text, ask, blocks=said.blocks)
        check_forms(tx, draft)
        with concerning("customer"):
            customer = customer_in(request, tx, said.customer) if said.customer else None
        brand = worn(get_workspace(house.database, request.state.workspace), house.base_url)
        asked = first_question(tx, ask) if ask else None
        rendered = preview(tx, draft, customer, ask=asked, brand=brand, now=utc_now())
        return Look(rendered.subject, rendered.html, rendered.text)

    return once(request, NewLook, show)


HANDLERS = [list_templates, get_template, keep_template, archive_template, restore_template, look]
