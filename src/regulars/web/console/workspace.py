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
from regulars.access.records import Workspace
from regulars.access.rights import Right
from regulars.channels import adapters_for
from regulars.decide.policy import EMAIL
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
_LARGEST = 12_000_000
"""Bytes that the page may send: a picture as a camera takes it is refused beside its field, with all that was typed."""
HOME = "sandbox"
"""The channel whose mail never leaves the house."""


class _Done(msgspec.Struct, frozen=True):
    """What a change can be taken back by: the workspace as it was, and the mark of what was made of it."""

    before: Workspace
    made: str


@get("/workspace", sync_to_thread=True, opt=needs(Right.MANAGE))
def show(desk: AtDesk, saved: FromQuery[str] = "") -> Response[str]:
    """Show how the workspace looks and speaks."""
    return _page(desk, _typed(desk.workspace), {}, saved=saved)


@post(
    "/workspace",
    request_max_body_size=_LARGEST,
    opt=needs(Right.MANAGE) | notes("workspace.changed", "workspace"),
)
async def save(request: Request[Any, Any, Any], desk: AtDesk) -> Response[str] | Redirect:
    """Show how what was typed would look, or keep it with its logo: it holds for the next page and message."""
    sent = (await read_sent(request)).files.get("logo")
    return await run_sync(_save, desk, await sent.read() if sent else None)


def _save(desk: Desk, image: bytes | None) -> Response[str] | Redirect:
    """Save what was typed, and the picture that was chosen; None: no file was."""
    given, delivery, tried = _given(desk.form), desk.form.get("delivery", ""), None
    again = _again(desk) if image is not None else {}
    try:
        with concerning("languages"):
            check_offered(given["languages"])
        tried = brands.try_brand(desk.workspace, **given)
        if desk.form.get("no_logo"):
            tried = msgspec.structs.replace(tried, logo="", logo_width=0, logo_height=0)
        if desk.form.get("do") == "preview":
            return _page(desk, desk.form, again, tried=tried, status=200)
        with concerning("delivery"):
            check_delivery(desk.house, desk.workspace, delivery)
        wanted = msgspec.structs.replace(tried, delivery=delivery)
        if image is not None:
            with concerning("logo"):
                wanted = brands.try_logo(wanted, image)
    except RegularsError as error:
        return _page(desk, desk.form, again | {error.field: say(error, desk.locale)}, tried=tried)
    try:
        done = _change(desk, wanted, drafts.base(desk), image)
    except Overtaken:
        return _overtaken(desk, wanted, again)
    return desk.go(f"/workspace?saved={desk.house.links.seal(_UNDO, done)}")


@post("/workspace/undo", sync_to_thread=True, opt=needs(Right.MANAGE) | notes("workspace.changed", "workspace"))
def undo(desk: AtDesk, to: FromQuery[str]) -> Redirect:
    """Make it again what it was before the last change."""
    done = desk.house.links.unseal(_UNDO, to, _Done, desk.now, _UNDONE_WITHIN)
    if done.before.name != desk.workspace.name:
        raise Invalid("This belongs to another workspace. Go back to the page of yours.")
    _change(desk, done.before, done.made)
    return desk.go("/workspace?saved=undone")


def _change(desk: Desk, wanted: Workspace, begun_from: str, image: bytes | None = None) -> _Done:
    """Keep how the workspace is to look and speak, with a picture that is new; return how to undo it.

    Raise Overtaken where another look was saved since the one that the page was begun from, or that is undone.
    """
    name, after = wanted.name, _said(wanted)
    with desk.noted(name=name) as tx:
        said = meeting.standing(tx, "workspace", lambda tx: _said(brands.standing(tx, name)), after, begun_from)
        before = brands.standing(tx, name)
        brands.change_brand(tx, before, **{one: getattr(wanted, one) for one in (*_TRIED, "languages", "delivery")})
        if image:
            brands.change_logo(tx, name, image, desk.now)
        else:
            brands.wear_logo(tx, name, wanted)
        desk.slip.tell(before=said, after=after)
        return _Done(before, meeting.mark(after))


def _again(desk: Desk) -> dict[str, str]:
    """Return what stands beside the field of a picture that was chosen, where the page comes back without it."""
    return {"logo": translator(desk.locale).gettext("Choose the picture once more: it was not kept.")}


def _overtaken(desk: Desk, wanted: Workspace, errors: dict[str, str]) -> Response[str]:
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
        mine, theirs = _said(wanted), _said(brands.standing(tx, name))
        parts = [meeting.Part(label, mine[field], theirs[field]) for field, label in labels.items()]
        if mine["logo"] != theirs["logo"]:
            none, chosen = gettext("Show the title instead"), gettext("The picture you chose")
            other = gettext("Another picture") if theirs["logo"] else none
            parts.append(meeting.Part(gettext("Logo"), chosen if mine["logo"] else none, other))
        beside = meeting.beside(
            desk, tx, "workspace.changed", parts, thing=name, tells=lambda after: after.items() <= theirs.items()
        )
    return _page(desk, desk.form, errors, status=409, beside=beside, base=meeting.mark(theirs))


@post(
    "/workspace/test",
    request_max_body_size=_LARGEST,
    opt=needs(Right.MANAGE) | notes("workspace.mail.tested", "workspace"),
)
async def send_test(request: Request[Any, Any, Any], desk: AtDesk) -> Response[str]:
    """Send a mail to whoever sits here, by the way and from the sender that customers' mail has, and say what came."""
    chosen = "logo" in (await read_sent(request)).files
    return await run_sync(_send_test, desk, _again(desk) if chosen else {})


def _send_test(desk: Desk, again: dict[str, str]) -> Response[str]:
    if desk.workspace.delivery == HOME:
        raise Invalid("Mail of this workspace stays in the house. Choose another way first, and save.")
    with desk.noted(name=desk.workspace.name, after={"delivery": desk.workspace.delivery}):
        pass
    return _page(desk, desk.form, again, status=200, test=_tested(desk))


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
        channel = house.channel(workspace, EMAIL)
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
    """Return all that is said of how a workspace looks and speaks, each as a text."""
    said = {name: getattr(workspace, name) for name in (*_TRIED, "delivery", "logo")}
    return said | {"languages": " ".join(workspace.languages)}


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
        ways=[one.name for one in adapters_for(EMAIL)],
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
