"""Templates: one beside what it looks like for a customer and for one who told us nothing.

The page of a template shows mail, whose styles stand in the mail itself: its own policy allows styles inside, and no
scripts; each mail is framed in a sandbox besides.
"""

from collections.abc import Mapping

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from regulars.access.rights import Right
from regulars.engage import asking, forms
from regulars.speak import library
from regulars.speak.bodies import draft_of, made, written_text
from regulars.speak.templates import Template
from regulars.web.console import drafts, meeting
from regulars.web.console import mail_composer as composer
from regulars.web.console.desk import AtDesk, Desk, needs
from regulars.web.console.letter_start import START
from regulars.web.console.mail_looks import MAIL_POLICY, customer_chosen, look_of, people_to_see
from regulars.web.console.offering import quotable
from regulars.web.i18n import say, translator
from regulars.web.noting import notes
from regulars.words.errors import Conflict, Overtaken, RegularsError

_PARTS = ("subject", "html", "text")


@get("/templates/{name:str}", sync_to_thread=True, opt=notes("template.seen", "template", by="name"))
def one_template(
    desk: AtDesk,
    name: FromPath[str],
    customer: FromQuery[str] = "",
    saved: FromQuery[str] = "",
    version: FromQuery[int] = 0,
) -> Response[str]:
    """Show a template to edit, or an earlier version to go on from, beside what it looks like."""
    with desk.tx() as tx:
        template = library.get_template(tx, name)
        earlier = version if 0 < version < template.version else 0
        wanted = library.get_template(tx, name, earlier) if earlier else template
        draft = drafts.nothing("template", name) if earlier else drafts.at(desk, tx, "template", name)
    given = {
        "as": "html",
        "subject": wanted.subject,
        "html": wanted.written,
        "text": written_text(wanted),
        "title": template.title,
        "ask": wanted.ask or "",
    }
    given = composer.saved_fields(wanted) if wanted.blocks else given
    given = draft.filled({**given, "name": name, "customer": customer})
    if given["as"] in composer.BLOCKS:
        return composer.page(desk, given, {}, template, saved=bool(saved), version=earlier)
    return _page(desk, given, {}, template=template, saved=bool(saved), version=earlier)


@post(
    "/templates/{name:str}",
    sync_to_thread=True,
    opt=needs(Right.COMPOSE) | notes("template.saved", "template", by="name"),
)
def save_template(desk: AtDesk, name: FromPath[str]) -> Response[str] | Redirect:
    """Preview what was typed, or keep it as the next version."""
    with desk.tx() as tx:
        template = library.get_template(tx, name)
    if desk.form.get("as") in composer.BLOCKS:
        return composer.act(desk, template)
    return _save(desk, name, template)


@get("/new/template", sync_to_thread=True, opt=needs(Right.COMPOSE) | notes("template.tried", "template"))
def new_template(desk: AtDesk, start_from: FromQuery[str] = "") -> Response[str]:
    """Show what a template can start from; or its composer, with what was chosen or was begun before."""
    with desk.tx() as tx:
        draft = drafts.at(desk, tx, "template")
    if start_from and start_from != "html":
        return composer.started(desk, start_from)
    if draft.kept is None and not start_from:
        return composer.starting(desk)
    given = {"as": "html", **START, "title": "", "name": "", "ask": "", "customer": ""}
    given = given if start_from else draft.filled(given)
    if given["as"] in composer.BLOCKS:
        return composer.page(desk, given, {}, None)
    return _page(desk, given, {}, begun=bool(start_from))


@post("/new/template", sync_to_thread=True, opt=needs(Right.COMPOSE) | notes("template.saved", "template"))
def create_template(desk: AtDesk) -> Response[str] | Redirect:
    """Preview what was typed, or make a template of it."""
    if desk.form.get("as") in composer.BLOCKS:
        return composer.act(desk, None)
    try:
        name = composer.new_name(desk, desk.form)
    except Conflict as error:
        return _page(desk, desk.form, {"name": say(error, desk.locale)})
    return _save(desk, name, None)


def _save(desk: Desk, name: str, template: Template | None) -> Response[str] | Redirect:
    form = desk.form
    parts = {part: form.get(part, "").replace("\r\n", "\n") for part in _PARTS}
    ask = form.get("ask") or None
    try:
        made(**parts, ask=bool(ask))
        if form.get("do") == "preview":
            page = _page(desk, form, {}, template=template)
            desk.slip.shows("template.tried", "template", name)
            return page
        before = {"version": template.version} if template else None
        with desk.noted(name=name, before=before) as tx:
            kept = asking.save_template(
                tx,
                name,
                subject=parts["subject"],
                html=parts["html"],
                text=parts["text"],
                ask=ask,
                replaces=drafts.replaced(desk) if template else None,
                title=form.get("title") or None,
            )
            desk.slip.tell(after={"version": kept.version})
            drafts.done(desk, tx, "template", template.name if template else "")
    except Overtaken:
        return _meet(desk, name, parts)
    except RegularsError as error:
        page = _page(desk, form, {error.field or "subject": say(error, desk.locale)}, template=template)
        desk.slip.shows("template.tried", "template", name)
        return page
    return desk.go(f"/templates/{name}?saved=yes")


def _meet(desk: Desk, name: str, parts: Mapping[str, str]) -> Response[str] | Redirect:
    """Show what was typed beside what somebody else saved meanwhile."""
    with desk.tx() as tx:
        newest = library.get_template(tx, name)
        titles = forms.titles(tx)
    said = translator(desk.locale).gettext
    ask = desk.form.get("ask", "")
    labels = {"subject": said("Subject"), "html": said("HTML"), "text": said("Text")}
    theirs = {"subject": newest.subject, "html": newest.written, "text": written_text(newest)}
    both = [meeting.Part(label, parts[part], theirs[part]) for part, label in labels.items()]
    both.insert(0, meeting.Part(said("Title"), desk.form.get("title") or newest.title, newest.title))
    both.append(meeting.Part(said("Question it asks"), titles.get(ask, ask), titles.get(newest.ask or "", "")))
    met = meeting.Meeting("template", name, title=newest.title, action="template.saved", version=str(newest.version))
    return meeting.meet(desk, met, both)


def _page(
    desk: Desk,
    form: Mapping[str, str],
    errors: dict[str, str],
    *,
    template: Template | None = None,
    saved: bool = False,
    version: int = 0,
    begun: bool = False,
) -> Response[str]:
    """Show a template as HTML. `version`: the earlier one that it shows; `begun`: it was begun just now."""
    parts = {part: form.get(part, "").replace("\r\n", "\n") for part in _PARTS}
    ask = form.get("ask") or None
    body = draft_of(parts["html"], parts["text"])
    draft = Template(0, form.get("name", ""), 0, parts["subject"], body.html, body.text, ask)
    with desk.tx() as tx:
        people = people_to_see(desk, tx)
        chosen = form.get("customer") or (people[0][0] if people else "")
        customer = customer_chosen(tx, chosen)
        told = None if customer is None else look_of(desk, tx, draft, customer)
        stranger = look_of(desk, tx, draft, None)
        page = desk.page(
            "template.html",
            status=400 if errors else 200,
            form={**form, "customer": chosen},
            errors=errors,
            template=template,
            saved=saved,
            version=version,
            versions=library.versions(tx, template.name) if template else [],
            people=people,
            forms=list(forms.titles(tx).items()),
            told=told,
            stranger=stranger,
            said=bool(errors.keys() & {*_PARTS}),
            quotable=quotable(desk, tx),
            draft=drafts.nothing("template", template.name if template else "")
            if version or begun
            else drafts.at(desk, tx, "template", template.name if template else ""),
        )
    page.headers["content-security-policy"] = MAIL_POLICY
    return page


ROUTES = [one_template, save_template, new_template, create_template]
