"""Home: what they told you, what we did about it, what is going on, and anything unhealthy. It moves by itself.

A hundred people may have it open, and all of them ask anew when a customer answers. What it shows depends on where the
workspace stands and not on who asks, so it is made once for each stand (sharing.py). Where events come all the time
every one of the hundred would find it standing otherwise: a page that asks anew by itself is shown what was made a
moment ago, if that holds all of which it was told.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec
from litestar import Request, Response, get
from litestar.params import FromQuery
from markupsafe import Markup

from regulars.access.passkeys import list_passkeys
from regulars.access.passwords import password_set_at
from regulars.access.provider import open_provider
from regulars.access.team import list_members
from regulars.engage import forms
from regulars.measure.campaigns import numbers
from regulars.measure.feed import Stand, acknowledgement, feed, stand
from regulars.speak import campaigns
from regulars.store.database import Tx
from regulars.store.pulse import beginnings
from regulars.web.brands import OURS
from regulars.web.codes import link_of
from regulars.web.console.desk import AtDesk, Desk, written
from regulars.web.console.sharing import Shared
from regulars.web.console.veil import hidden_from, telling_campaigns
from regulars.web.noting import notes
from regulars.words.errors import Invalid

SHOWN = 20
_AGAIN = timedelta(hours=1)
"""After how long it is noted again that somebody has it open: it moves by itself."""
ONLY = {"answered": True, "open": False}
"""What of it is shown: what a message has quoted, or what nobody has answered; else all."""
_OLDEST = timedelta(seconds=5)
"""How old what is shared may be: its figures are of the last thirty days, and days pass without an event."""


class _Standing(msgspec.Struct, frozen=True):
    """How a workspace stood when somebody asked: its log, how that stood, and when it was."""

    log: int
    stand: Stand
    at: datetime

    def same(self, now: "_Standing") -> bool:
        """Whether what was made then holds all there is now."""
        return self.log == now.log and self.stand == now.stand and now.at - self.at < _OLDEST

    def holds(self, now: "_Standing", told: int) -> bool:
        """Whether what was made then holds all that was told up to an event, and all that stands beside the log."""
        then = self.stand
        return (
            (self.log, then.beside, then.log.ill) == (now.log, now.stand.beside, now.stand.log.ill)
            and then.log.shown >= told
            and now.at - self.at < _OLDEST
        )


_PART = "div#home"
"""What a page that is open asks for (htmx's HX-Target): the part of it that moves."""


class Place(msgspec.Struct, frozen=True):
    """All that what is shared may know of who asks: where the pages of their workspace are."""

    home: str


@get("/", sync_to_thread=True, opt=notes("home.seen", again=_AGAIN))
def home(
    request: Request[Any, Any, Any],
    desk: AtDesk,
    before: FromQuery[str] = "",
    than: FromQuery[int] = 0,
    only: FromQuery[str] = "",
    joined: FromQuery[str] = "",
) -> Response[str]:
    """Show what customers told us, newest first, with what we did about it."""
    only = only if only in ONLY else ""
    by_itself = request.headers.get("hx-target") == _PART and not before
    with desk.tx() as tx:
        now, log = stand(tx), tx.log_id
        shown = _earlier(tx, desk, now, only, _moment(before), than) if before else None
    if shown is None:
        shared: Shared[_Standing, str | None] = request.app.state.shared
        role = desk.person.roles[desk.workspace.name]
        reader = ("home", desk.workspace.name, role, desk.locale, desk.workspace.zone, only)
        told = request.app.state.moving.told(desk.workspace.name) if by_itself else None
        shown = shared.get(
            reader,
            _Standing(log, now, desk.now),
            lambda: _newest(desk, now, only),
            _Standing.same if told is None else lambda made, asked: made.holds(asked, told),
        )
    first = shown is None
    if shown is None:
        with desk.tx() as tx:
            shown = _first(tx, desk, now)
    if by_itself:
        return desk.page("home_part.html", only=only, shown=Markup(shown))  # noqa: S704 (a template of ours made it)
    return desk.page(
        "home.html",
        since=now.log.shown,
        only=only,
        later=bool(before),
        first=first,
        no_way_back=bool(joined) and _no_way_back(desk),
        shown=Markup(shown),  # noqa: S704 (a template of ours made it)
    )


def _no_way_back(desk: Desk) -> bool:
    """Whether somebody who joined by an invitation can come in no second time: nothing mails them a link."""
    if desk.house.has_mail or open_provider(desk.house.settings):
        return False
    with desk.house.database.shared() as tx:
        return password_set_at(tx, desk.person.id) is None and not list_passkeys(tx, desk.person.id)


def _newest(desk: Desk, now: Stand, only: str) -> str | None:
    """Write what everybody of a workspace is shown; None where nobody has said anything yet."""
    with desk.tx() as tx:
        hidden, unnamed = hidden_from(desk, tx), telling_campaigns(desk, tx)
        told = feed(tx, answered=ONLY.get(only), limit=SHOWN + 1, hidden=hidden, unnamed=unnamed)
        return _written(tx, desk, now, told=told, only=only) if told or only else None


def _earlier(tx: Tx, desk: Desk, now: Stand, only: str, before: datetime, than: int) -> str:
    hidden, unnamed = hidden_from(desk, tx), telling_campaigns(desk, tx)
    told = feed(tx, before=before, than=than, answered=ONLY.get(only), limit=SHOWN + 1, hidden=hidden, unnamed=unnamed)
    return _written(tx, desk, now, told=told, only=only, later=True)


def _first(tx: Tx, desk: Desk, now: Stand) -> str:
    """Write what is to be done where nobody has said anything: it depends on what its reader may do."""
    began = beginnings(tx)
    made = next(iter(forms.titles(tx)), "")
    link = link_of(desk.house, made) if made else ""
    steps = {
        "form": link,
        "heard": began.heard,
        "imported": began.imported,
        "branded": bool(desk.workspace.logo) or desk.workspace.accent != OURS,
        "together": len(list_members(tx, desk.workspace.name)) > 1,
        "base_url": desk.house.base_url,
    }
    return _written(tx, desk, now, told=[], first=steps, at=desk)


def _written(
    tx: Tx,
    desk: Desk,
    now: Stand,
    *,
    told: list[Any],
    only: str = "",
    later: bool = False,
    first: Mapping[str, object] | None = None,
    at: Desk | Place | None = None,
) -> str:
    live = [one for one in campaigns.list_campaigns(tx) if one.state == "live"]
    counted = numbers(tx, [one.name for one in live])
    return written(
        "home_now.html",
        desk.locale,
        zone=desk.workspace.zone,
        desk=at or Place(desk.home),
        only=only,
        told=told[:SHOWN],
        earlier=told[SHOWN - 1] if len(told) > SHOWN else None,
        later=later,
        figures=acknowledgement(tx, desk.now),
        live=[(one, counted[one.name]) for one in live],
        unhealthy=now.log.ill,
        first=first,
    )


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise Invalid("This link to an earlier part cannot be read. Go back to the first page.") from error
    if moment.tzinfo is None:
        raise Invalid("This link to an earlier part cannot be read. Go back to the first page.")
    return moment


ROUTES = [home]
