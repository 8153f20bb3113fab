"""`/u/<token>`: what we may write about. GET shows, POST changes; mail programs unsubscribe by one POST (RFC 8058)."""

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from regulars.access.links import Link
from regulars.engage.preferences import COUNTING, About, Preference, about_of, change, preferences, withdraw
from regulars.hear.identities import identities_of
from regulars.remember.frequencies import days_of
from regulars.remember.pauses import lasts_until
from regulars.store.database import Tx
from regulars.web import spacing
from regulars.web.i18n import translator
from regulars.web.pages.visit import Visit
from regulars.web.pausing import choose, lengths
from regulars.web.wording import permission

PAGE = "preference page"
_ONE_CLICK = "unsubscribed by one click in the mail program"


@get("/u/{token:str}", sync_to_thread=True)
def show(visit: NamedDependency[Visit], token: FromPath[str]) -> Response[str]:
    """Show what we may write about."""
    link = visit.link(token)
    visit = visit.entered(link.workspace)
    with visit.house.database.workspace(link.workspace) as tx:
        held = preferences(tx, link.identity_id)
        until = lasts_until(tx, link.identity_id, visit.now)
        days = days_of(tx, link.identity_id)
        address = half_hidden(tx, link)
    return visit.page(
        "preferences.html",
        token=token,
        address=address,
        saved=visit.asked("saved"),
        until=until,
        lengths=lengths(visit.gettext),
        often=[(value, words, value == str(days or 0)) for value, words in spacing.offered(visit.gettext)],
        days=days,
        any=any(one.granted for one in held if one.about != COUNTING),
        boxes=[(_field(one), words(one.about, visit.locale), one.granted) for one in held if one.about != COUNTING],
        counting=[(_field(one), words(one.about, visit.locale), one.granted) for one in held if one.about == COUNTING],
        why=link.message_id is not None,
    )


@post("/u/{token:str}", sync_to_thread=True)
def save(visit: NamedDependency[Visit], token: FromPath[str]) -> Response[Any]:
    """Change it: all at once, one by one, how often, by a pause, or by a mail program's one click."""
    link = visit.link(token)
    visit = visit.entered(link.workspace)
    if visit.field("pause"):
        with visit.house.database.workspace(link.workspace) as tx:
            pause(tx, visit, link, PAGE)
        visit.house.waker.poke(link.workspace)
        return visit.go(f"/u/{token}?saved=pause")
    if visit.field("frequency"):
        with visit.house.database.workspace(link.workspace) as tx:
            often = visit.field("frequency")
            spacing.choose(tx, link.identity_id, often, how=PAGE, locale=visit.locale, now=visit.now)
        visit.house.waker.poke(link.workspace)
        return visit.go(f"/u/{token}?saved=often")
    with visit.house.database.workspace(link.workspace) as tx:
        held = preferences(tx, link.identity_id)
        read = {one.about: words(one.about, visit.locale) for one in held}
        one_click = visit.field("List-Unsubscribe") == "One-Click"
        if one_click or visit.field("stop"):
            about = about_of(tx, link.message_id) if one_click else None
            abouts = [about] if about else [one.about for one in held if one.about != COUNTING]
            withdraw(tx, link.identity_id, abouts, read, _ONE_CLICK if one_click else PAGE, visit.now, link.message_id)
        else:
            ticked = {one.about: bool(visit.field(_field(one))) for one in held}
            change(tx, link.identity_id, ticked, read, PAGE, visit.now, link.message_id)
    visit.house.waker.poke(link.workspace)
    if one_click:
        return Response(
            visit.gettext("You will get no more of these.") + "\n", status_code=200, media_type="text/plain"
        )
    return visit.go(f"/u/{token}?saved=1")


def pause(tx: Tx, visit: Visit, link: Link, how: str) -> None:
    """Begin or end a pause as the reader chose. The last thing of its transaction."""
    choose(tx, link.identity_id, visit.field("pause"), how=how, locale=visit.locale, zone=visit.zone, now=visit.now)


def words(about: About, locale: str) -> str:
    """Return what stands beside a box, in the reader's language."""
    return permission(*about, translator(locale).gettext)


def _field(one: Preference) -> str:
    return f"may.{one.purpose}.{one.channel}"


def half_hidden(tx: Tx, link: Link) -> str:
    """Return the address a link went to, half hidden: a mail may have been passed on."""
    found = identities_of(tx, [link.identity_id])
    if not found or found[0].kind != "email":
        return ""
    name, _, host = found[0].value.partition("@")
    return f"{name[:2]}…@{host}"


ROUTES = [show, save]
