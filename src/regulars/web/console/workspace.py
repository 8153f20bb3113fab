"""The workspace's own page: how it looks and speaks to customers, beside how that looks; and a test mail."""

from collections.abc import Mapping
from datetime import timedelta
from secrets import randbits
from typing import Any

import msgspec
from anyio.to_thread import run_sync
from litestar import Request, Response, get, post
from litestar.params import FromQuery
from litestar.response import Redirect

from regulars.access import brands
from regulars.access.pictures import read_picture
from regulars.access.records import Workspace
from regulars.access.rights import Right
from regulars.channels import channel_names, open_channel
from regulars.speak.channel import Envelope, NotDelivered, Uncertain
from regulars.speak.outbox import sender_of
from regulars.web.brands import LOOK, check_delivery, check_offered
from regulars.web.console import drafts, meeting
from regulars.web.console.desk import AtDesk, Desk, needs
from regulars.web.console.sent import read_sent
from regulars.web.i18n import language_called, languages, say, translator
from regulars.web.letter import Letter, written
from regulars.web.noting import notes
from regulars.words.colour import DARK, LIGHT, READABLE, contrast, palette, text_on
from regulars.words.errors import Invalid, Overtaken, RegularsError, concerning

_UNDO = "undo-brand"
_UNDONE_WITHIN = timedelta(hours=1)
_TICKED = "language_"
_TRIED = ("title", "accent", "tone", "zone", "sender")
_ID_BITS = 62
HOME = "sandbox"
"""The channel whose mail never leaves the house."""


class _Done(msgspec.Struct, frozen=True):
    """What a change can be taken back by: the workspace as it was, the mark of what was made of it, and its logo."""

    before: Workspace
    made: str
    logo: str


@get("/workspace", sync_to_thread=True, opt=needs(Right.MANAGE))
def show(desk: AtDesk, saved: FromQuery[str] = "") -> Response[str]:
    """Show how the workspace looks and speaks."""
    return _page(desk, _typed(desk.workspace), {}, saved=saved)


@post("/workspace", opt=needs(Right.MANAGE) | notes("workspace.changed", "workspace"))
async def save(request: Request[Any, Any, Any], desk: AtDesk) -> Response[str] | Redirect:
    """Show how what was typed would look, or keep it with its logo: it holds for the next page and message."""
    sent = (await read_sent(request)).files.get("logo")
    image = await sent.read() if sent else b""
    return await run_sync(_save, desk, image)


def _save(desk: Desk, image: bytes) -> Response[str] | Redirect:
    given, delivery, tried = _given(desk.form), desk.form.get("delivery", ""), None
    again = {"logo": translator(desk.locale).gettext("Choose the picture once more: it was not kept.")} if image else {}
    try:
        with concerning("languages"):
            check_offered(given["languages"])
        tried = brands.try_brand(desk.workspace, **given)
        if desk.form.get("do") == "preview":
            return _page(desk, desk.form, again, tried=tried, status=200)
        with concerning("delivery"):
            check_delivery(desk.house, desk.workspace, delivery)
        if image:
            with concerning("logo"):
                read_picture(image)
    except RegularsError as error:
        return _page(desk, desk.form, again | {error.field: say(error, desk.locale)}, tried=tried)
    after = _said(tried) | {"delivery": delivery}
    logo = image if image or desk.form.get("no_logo") else None
    try:
        done = _change(desk, given | {"delivery": delivery}, after, logo=logo)
    except Overtaken:
        return _overtaken(desk, after, again)
    return desk.go(f"/workspace?saved={desk.house.links.seal(_UNDO, done)}")


@post("/workspace/undo", sync_to_thread=True, opt=needs(Right.MANAGE) | notes("workspace.changed", "workspace"))
def undo(desk: AtDesk, to: FromQuery[str]) -> Redirect:
    """Make it again what it was before the last change."""
    done = desk.house.links.unseal(_UNDO, to, _Done, desk.now, _UNDONE_WITHIN)
    old = done.before
    if old.name != desk.workspace.name:
        raise Invalid("This belongs to another workspace. Go back to the page of yours.")
    given: dict[str, Any] = {name: getattr(old, name) for name in (*_TRIED, "languages", "delivery")}
    _change(desk, given, _said(old), undone=done)
    return desk.go("/workspace?saved=undone")


def _change(
    desk: Desk,
    given: Mapping[str, Any],
    after: dict[str, Any],
    *,
    logo: bytes | None = None,
    undone: _Done | None = None,
) -> _Done:
    """Keep how the workspace looks and speaks, and its logo where one is given (empty: none); return how to undo it.

    Raise Overtaken where another look was saved since the one that the page was begun from, or that is undone.
    """
    name = desk.workspace.name
    with desk.noted(name=name, after=after) as tx:
        begun_from = undone.made if undone else drafts.base(desk)
        said = meeting.standing(tx, "workspace", lambda tx: _said(brands.standing(tx, name)), after, begun_from)
        before = brands.standing(tx, name)
        desk.slip.tell(before=said)
        brands.change_brand(tx, before, **given)
        if logo:
            brands.change_logo(tx, name, logo, desk.now)
        elif logo is not None:
            brands.drop_logo(tx, name)
        elif undone and undone.logo == before.logo:
            brands.wear_logo(tx, name, undone.before)
        worn = brands.standing(tx, name).logo
        if worn != before.logo:
            desk.slip.tell(before=said | {"logo": before.logo}, after=after | {"logo": worn})
        return _Done(before, meeting.mark(after), worn)


def _overtaken(desk: Desk, mine: Mapping[str, Any], errors: dict[str, str]) -> Response[str]:
    """Show what was typed, and beside it what somebody else saved meanwhile."""
    gettext, name = translator(desk.locale).gettext, desk.workspace.name
    labels = {
        "title": gettext("Title"),
        "accent": gettext("Colour"),
        "tone": gettext("Tone"),
        "languages": gettext("Languages for customers"),
        "zone": gettext("Time zone"),
        "delivery": gettext("How mail leaves"),
        "sender": gettext("From whom mail comes"),
    }
    with desk.tx() as tx:
        theirs = _said(brands.standing(tx, name))
        parts = [meeting.Part(label, mine[field], theirs[field]) for field, label in labels.items()]
        beside = meeting.beside(desk, tx, "workspace.changed", parts, thing=name)
    return _page(desk, desk.form, errors, status=409, beside=beside, base=meeting.mark(theirs))


@post("/workspace/test", sync_to_thread=True, opt=needs(Right.MANAGE) | notes("workspace.mail.tested", "workspace"))
def send_test(desk: AtDesk) -> Response[str]:
    """Send a mail to whoever sits here, by the way and from the sender that customers' mail has, and say what came."""
    if desk.workspace.delivery == HOME:
        raise Invalid("Mail of this workspace stays in the house. Choose another way first, and save.")
    with desk.noted(name=desk.workspace.name, after={"delivery": desk.workspace.delivery}):
        pass
    return _page(desk, desk.form, {}, test=_tested(desk))


def _tested(desk: Desk) -> dict[str, str]:
    """Return what came of a test mail: its state and, in the words of the other side, why."""
    gettext = translator(desk.locale).gettext
    workspace, house = desk.workspace, desk.house
    letter = Letter(
        subject=gettext("A test from %(title)s") % {"title": workspace.title},
        lead=gettext("This is how mail of yours arrives: the sender, the look, and the way it came."),
        ask=gettext("Nothing has to be done. The button leads to your console."),
        button=gettext("To the console"),
        leave=gettext("You get this because you asked for it there."),
    )
    html, text = written(letter, f"{house.base_url}{desk.home}", workspace, desk.locale, house.base_url)
    envelope = Envelope(
        randbits(_ID_BITS), sender_of(workspace, house.base_url), desk.person.email, letter.subject, html, text
    )
    try:
        channel = open_channel(workspace.delivery, house.settings, house.database, workspace.name)
        try:
            with channel.connect() as line:
                line.deliver(envelope)
        finally:
            channel.close()
    except Uncertain as error:
        return {"state": "uncertain", "why": error.reason}
    except NotDelivered as error:
        return {"state": "failed", "why": error.reason}
    except RegularsError as error:
        return {"state": "failed", "why": say(error, desk.locale)}
    return {"state": "sent", "why": ""}


def _given(form: Mapping[str, str]) -> dict[str, Any]:
    """Return what was typed: the language for everybody else comes first, then what is ticked."""
    ticked = [one for one in languages() if form.get(f"{_TICKED}{one}")]
    return {**{name: form.get(name, "") for name in _TRIED}, "languages": [form.get("language", ""), *ticked]}


def _typed(workspace: Workspace) -> dict[str, str]:
    """Return the form as it stands when nobody has typed anything."""
    offered = list(workspace.languages) or languages()
    first = offered[0] if workspace.languages else "en"
    ticks = {f"{_TICKED}{one}": "1" for one in offered}
    return {**{name: getattr(workspace, name) for name in (*_TRIED, "delivery")}, "language": first, **ticks}


def _said(workspace: Workspace) -> dict[str, Any]:
    return {name: getattr(workspace, name) for name in (*_TRIED, "delivery")} | {
        "languages": " ".join(workspace.languages)
    }


def _page(
    desk: Desk,
    form: Mapping[str, str],
    errors: dict[str, str],
    *,
    status: int = 0,
    tried: Workspace | None = None,
    saved: str = "",
    test: dict[str, str] | None = None,
    beside: meeting.Beside | None = None,
    base: str = "",
) -> Response[str]:
    worn = tried or desk.workspace
    return desk.page(
        "workspace.html",
        status=status or (400 if errors else 200),
        beside=beside,
        base=base or drafts.base(desk) or meeting.mark(_said(desk.workspace)),
        form=form,
        errors=errors,
        saved=saved,
        test=test,
        tried=tried,
        look=f"/look/{desk.house.links.seal(LOOK, worn)}",
        colours=_colours(worn.accent),
        tongues=[(one, language_called(one)) for one in languages()],
        zones=sorted(brands.zones()),
        ways=channel_names(),
        here=HOME,
        sender=sender_of(msgspec.structs.replace(desk.workspace, sender=""), desk.house.base_url),
    )


def _colours(accent: str) -> dict[str, Any]:
    """Return what is measured of a colour (WCAG 2.2): what is written on it, and how it is read on a page."""
    light, dark = palette(accent, LIGHT), palette(accent, DARK)
    return {
        "white": contrast("#ffffff", accent),
        "black": contrast("#000000", accent),
        "paper": contrast(accent, LIGHT.paper),
        "night": contrast(accent, DARK.paper),
        "enough": READABLE,
        "text": text_on(accent),
        "accent": accent,
        "light": light.accent,
        "dark": dark.accent,
    }


ROUTES = [show, save, undo, send_test]
