"""The composer of mails: blocks put together by clicking, beside the mail as it looks for a customer; and as text.

Every button posts the whole page back, and the page comes with what it did; so it works without scripts. With them
only the composer is exchanged, and the mail follows while one types.
"""

from collections.abc import Mapping
from typing import Any

from litestar import Response
from litestar.response import Redirect

from regulars.engage import asking
from regulars.speak import library
from regulars.speak.block_mail import source_of
from regulars.speak.blocks import Blocks
from regulars.speak.templates import Template
from regulars.store.database import Tx
from regulars.web.console import drafts, meeting
from regulars.web.console.desk import Desk
from regulars.web.console.json_text import packed
from regulars.web.console.mail_deeds import CHECKING, done_to
from regulars.web.console.mail_fields import composed, fields_of, read, with_place
from regulars.web.console.mail_looks import MAIL_POLICY
from regulars.web.console.mail_shown import has, next_of, outline, shown
from regulars.web.console.mail_starts import STARTS, fresh, start
from regulars.web.i18n import say, translator
from regulars.web.numbers import number_in
from regulars.words.errors import Conflict, Invalid, Overtaken, RegularsError, concerning
from regulars.words.names import name_for

BLOCKS = frozenset({"blocks", "text"})
"""What a page calls that which it composes, where it composes blocks: by clicking, or as text."""
_UNKEPT = frozenset({"base", "before"})


def saved_fields(template: Template) -> dict[str, str]:
    """Return the fields of the page on which a template of blocks is composed, as it is."""
    return {
        "as": "blocks",
        "title": template.title,
        "subject": template.subject,
        "blocks": packed(template.blocks or Blocks()),
        "at": "",
    }


def started(desk: Desk, name: str) -> Response[str]:
    """Show the composer with one of the good starts, or with nothing."""
    with desk.tx() as tx:
        subject, blocks = start(name, desk.workspace, has(desk, tx))
        draft = drafts.at(desk, tx, "template")
    fields = {
        "as": "blocks",
        "title": "",
        "name": "",
        "subject": subject,
        "blocks": packed(blocks),
        "at": "0" if blocks.body else "",
    }
    return page(desk, fields, {}, None, begun=draft)


def starting(desk: Desk) -> Response[str]:
    """Show what a template can start from."""
    return desk.page("template_start.html", starts=STARTS)


def act(desk: Desk, template: Template | None) -> Response[str] | Redirect:
    """Do what a button says with the blocks that are composed, or keep them as the next version."""
    form, do = dict(desk.form), desk.form.get("do") or "look"
    verb, _, what = do.partition(":")
    if verb == "place":
        form = with_place(form, what)
    try:
        blocks, at = composed(form)
    except Invalid as error:
        return _tried(desk, template, {**form, "as": "text"}, {"blocks": say(error, desk.locale)})
    if verb == "save":
        return _save(desk, form, blocks, at, template)
    if verb == "html":
        return _as_html(desk, form, blocks, at, template)
    with desk.tx() as tx:
        now = _done(desk, tx, form, do, blocks, at)
        if verb != "look":
            kept = {name: value for name, value in now.items() if name not in _UNKEPT}
            thing = template.name if template else ""
            drafts.keep_fields(desk, tx, "template", thing, begun_from=drafts.base(desk), fields=kept)
    return _tried(desk, template, now, {}, checking=verb in CHECKING)


def _done(desk: Desk, tx: Tx, form: Mapping[str, str], do: str, blocks: Blocks, at: int | None) -> dict[str, str]:
    """Return the fields of the page after what a button does."""
    verb = do.partition(":")[0]
    if verb == "back":
        return _back(form, blocks)
    if verb == "next":
        return fields_of(blocks, form, at) | {"customer": next_of(desk, tx, form.get("customer", ""))}
    if verb in ("text", "blocks"):
        return fields_of(blocks, form, at, typed=verb == "text")
    done = done_to(blocks, at, do, lambda kind: fresh(kind, desk.workspace, has(desk, tx)))
    typed = form.get("as") == "text"
    more = {"before": packed(blocks)} if verb == "drop" and done.blocks != blocks else {}
    return fields_of(done.blocks, form, done.at, typed=typed, **more)


def _back(form: Mapping[str, str], blocks: Blocks) -> dict[str, str]:
    """Return to the blocks as they were before one was taken out."""
    try:
        before = read({"blocks": form.get("before", "")})
    except Invalid:
        before = blocks
    return fields_of(before, form, None)


def _save(
    desk: Desk, form: dict[str, str], blocks: Blocks, at: int | None, template: Template | None
) -> Response[str] | Redirect:
    name = template.name if template else ""
    try:
        name = name or new_name(desk, form)
        with desk.noted(name=name, before={"version": template.version} if template else None) as tx:
            replaces = drafts.replaced(desk) if template else None
            kept = asking.save_template(
                tx,
                name,
                subject=form.get("subject", ""),
                blocks=blocks,
                replaces=replaces,
                title=form.get("title") or None,
            )
            desk.slip.tell(after={"version": kept.version})
            drafts.done(desk, tx, "template", template.name if template else "")
    except Overtaken:
        return _meet(desk, name, form.get("subject", ""), blocks)
    except RegularsError as error:
        return _refused(desk, template, form, blocks, at, error)
    return desk.go(f"/templates/{name}?saved=yes")


def new_name(desk: Desk, form: Mapping[str, str]) -> str:
    """Return the name of a template to be: as it was typed, else made of its title; raise Conflict for a taken one."""
    name, title = form.get("name", "").strip(), form.get("title", "").strip()
    with desk.tx() as tx:
        taken = library.titles(tx)
    if not name and title:
        return name_for(title, taken, "template")
    with concerning("name"):
        if name in taken:
            raise Conflict("There is a template '{name}' already. Choose another name.", name=name)
    return name


def _refused(
    desk: Desk, template: Template | None, form: dict[str, str], blocks: Blocks, at: int | None, error: RegularsError
) -> Response[str]:
    """Say what is wrong beside the block that it is about, which is opened, or beside the field."""
    kind, _, number = (error.field or "subject").partition(":")
    field = kind if kind in ("title", "name", "subject", "preheader", "language", "why", "leave") else "blocks"
    typed = form.get("as") == "text"
    if kind == "block" and not typed:
        fields = fields_of(blocks, form, number_in(number))
        return _tried(desk, template, fields, {}, checking=True, status=400)
    fields = fields_of(blocks, form, at, typed=typed)
    return _tried(desk, template, fields, {field: say(error, desk.locale)}, checking=True)


def _as_html(
    desk: Desk, form: dict[str, str], blocks: Blocks, at: int | None, template: Template | None
) -> Response[str] | Redirect:
    """Go on with what the blocks come to as HTML, as a draft; the blocks stay in their version."""
    try:
        source = source_of(blocks)
    except RegularsError as error:
        return _refused(desk, template, form, blocks, at, error)
    fields = {
        "as": "html",
        "title": form.get("title", ""),
        "name": form.get("name", ""),
        "subject": form.get("subject", ""),
        "html": source.html,
        "text": source.text,
        "ask": source.ask or "",
    }
    thing = template.name if template else ""
    with desk.tx() as tx:
        drafts.keep_fields(desk, tx, "template", thing, begun_from=drafts.base(desk), fields=fields)
    return desk.go(drafts.where("template", thing))


def _meet(desk: Desk, name: str, subject: str, blocks: Blocks) -> Response[str] | Redirect:
    """Show what was composed beside what somebody else saved meanwhile."""
    said = translator(desk.locale).gettext
    with desk.tx() as tx:
        newest = library.get_template(tx, name)
        mine = outline(desk, tx, blocks)
        theirs = outline(desk, tx, newest.blocks) if newest.blocks else newest.text
    parts = [
        meeting.Part(said("Title"), desk.form.get("title") or newest.title, newest.title),
        meeting.Part(said("Subject"), subject, newest.subject),
        meeting.Part(said("Blocks"), mine, theirs),
        meeting.Part(said("As text"), _whole(blocks), _whole(newest.blocks or Blocks())),
    ]
    met = meeting.Meeting("template", name, title=newest.title, action="template.saved", version=str(newest.version))
    return meeting.meet(desk, met, parts)


def _whole(blocks: Blocks) -> str:
    return fields_of(blocks, {}, None, typed=True)["blocks"]


def _tried(
    desk: Desk,
    template: Template | None,
    fields: Mapping[str, str],
    errors: Mapping[str, str],
    *,
    checking: bool = False,
    status: int = 0,
) -> Response[str]:
    """Show the page; what a customer said stands there, so it is noted."""
    found = page(desk, fields, errors, template, checking=checking, status=status)
    desk.slip.shows("template.tried", "template", template.name if template else fields.get("name", ""))
    return found


def page(
    desk: Desk,
    form: Mapping[str, str],
    errors: Mapping[str, str],
    template: Template | None,
    *,
    checking: bool = False,
    status: int = 0,
    saved: bool = False,
    version: int = 0,
    begun: drafts.AtThing | None = None,
) -> Response[str]:
    """Show the composer. `version`: the earlier one that it shows; `begun`: what one had begun before."""
    thing = template.name if template else ""
    with desk.tx() as tx:
        draft = drafts.nothing("template", thing) if begun or version else drafts.at(desk, tx, "template", thing)
        context, blocks = dict[str, Any](), None
        try:
            blocks, at = composed(form)
            context = shown(desk, tx, blocks, form, at, checking=checking)
        except Invalid as error:
            typed = {} if blocks is None else {"blocks": _whole(blocks)}
            form, errors = {**form, "as": "text", **typed}, errors or {"blocks": say(error, desk.locale)}
        found = desk.page(
            "mail_compose.html",
            status=status or (400 if errors else 200),
            form=form,
            errors=errors,
            template=template,
            saved=saved,
            version=version,
            versions=library.versions(tx, thing) if thing else [],
            draft=draft,
            begun_before=begun.kept if begun else None,
            action=f"{desk.home}/templates/{thing}" if template else f"{desk.home}/new/template",
            **context,
        )
    found.headers["content-security-policy"] = MAIL_POLICY
    return found
