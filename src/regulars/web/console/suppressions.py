"""The suppression list: addresses that nothing is sent to, why and since when; and how one comes off it."""

from datetime import datetime

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from regulars.access.rights import Right
from regulars.decide import suppressions
from regulars.decide.suppression_records import BOUNCED, COMPLAINED, SOFT
from regulars.web import cursors
from regulars.web.console.desk import AtDesk, needs
from regulars.web.console.listing import FEW, PAGE, Way
from regulars.web.i18n import translator
from regulars.web.noting import notes
from regulars.words.errors import Unknown

_HERE = "/suppressed"


@get(_HERE, sync_to_thread=True, opt=needs(Right.MANAGE) | notes("suppressions.listed"))
def show(
    desk: AtDesk, q: FromQuery[str] = "", only: FromQuery[str] = "", after: FromQuery[str] = "",
    lifted: FromQuery[str] = "",
) -> Response[str]:  # fmt: skip
    """Show a part of the list: all, with some words in the address, or for one reason."""
    gettext, q = translator(desk.locale).gettext, q.strip()
    words = {
        BOUNCED: gettext("mail came back for good"),
        SOFT: gettext("mail came back on several days"),
        COMPLAINED: gettext("called a message spam"),
    }
    only = only if only in words else ""
    place = cursors.read(after, tuple[datetime, int])
    way = Way(f"{desk.home}{_HERE}", {"q": q, "only": only})
    with desk.tx() as tx:
        found = suppressions.part(tx, q, only, place=place, limit=PAGE + 1)
        total = suppressions.count(tx, q, only)
    last = found[PAGE - 1] if len(found) > PAGE else None
    return desk.page(
        "suppressed.html",
        found=found[:PAGE],
        total=total,
        words=words,
        only=only,
        q=q,
        lifted=lifted,
        way=way,
        searched=bool(q or only or place) or len(found) > FEW,
        choices=[("", gettext("any reason")), *words.items()],
        chips=([way.chip(desk.quoted(q), "q")] if q else []) + ([way.chip(words[only], "only")] if only else []),
        earlier=way.but() if place else "",
        later=way.but(after=cursors.made(last.at, last.identity_id)) if last else "",
        days=suppressions.DAYS,
        within=suppressions.WITHIN,
    )


@post(
    _HERE + "/{identity:int}/lift",
    sync_to_thread=True,
    opt=needs(Right.MANAGE) | notes("suppression.lifted", "customer"),
)
def lift(desk: AtDesk, identity: FromPath[int]) -> Redirect:
    """Let mail go to an address again."""
    try:
        with desk.noted() as tx:
            found = suppressions.lift(tx, identity, desk.now)
            desk.slip.tell(found.customer_id, before={"why": found.why})
    except Unknown:
        desk.slip.drop()
    return desk.go(f"{_HERE}?lifted=yes")


ROUTES = [show, lift]
