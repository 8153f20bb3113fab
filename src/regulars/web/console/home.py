"""Home: what they told you, what we did about it, what is going on, and anything unhealthy. It moves by itself."""

from datetime import datetime, timedelta

from litestar import Response, get
from litestar.params import FromQuery

from regulars.engage import forms
from regulars.measure.campaigns import numbers
from regulars.measure.feed import acknowledgement, feed
from regulars.speak import campaigns
from regulars.store.database import Tx
from regulars.store.pulse import beginnings, position, pulse
from regulars.web.console.desk import AtDesk, Desk
from regulars.web.noting import notes
from regulars.words.errors import Invalid

SHOWN = 20
_AGAIN = timedelta(hours=1)
"""After how long it is noted again that somebody has it open: it moves by itself."""
ONLY = {"answered": True, "open": False}
"""What of it is shown: what a message has quoted, or what nobody has answered; else all."""


@get("/", sync_to_thread=True, opt=notes("home.seen", again=_AGAIN))
def home(
    desk: AtDesk, before: FromQuery[str] = "", than: FromQuery[int] = 0, only: FromQuery[str] = ""
) -> Response[str]:
    """Show what customers told us, newest first, with what we did about it."""
    with desk.tx() as tx:
        since = position(tx)
        told = feed(tx, before=_moment(before), than=than, answered=ONLY.get(only), limit=SHOWN + 1)
        live = [one for one in campaigns.list_campaigns(tx) if one.state == "live"]
        counted = numbers(tx, [one.name for one in live])
        figures = acknowledgement(tx, desk.now)
        return desk.page(
            "home.html",
            since=since,
            only=only if only in ONLY else "",
            told=told[:SHOWN],
            earlier=told[SHOWN - 1] if len(told) > SHOWN else None,
            later=bool(before),
            figures=figures,
            live=[(one, counted[one.name]) for one in live],
            unhealthy=pulse(tx, (), 0).ill,
            first=None if told or before or only else _first_steps(tx, desk),
        )


def _first_steps(tx: Tx, desk: Desk) -> dict[str, object]:
    """Return what a workspace in which nobody has said anything has done already."""
    began = beginnings(tx)
    made = forms.list_forms(tx)
    link = f"{desk.house.base_url}/f/{made[0].name}" if made else ""
    return {"heard": began.heard, "imported": began.imported, "form": link, "base_url": desk.house.base_url}


def _moment(text: str) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise Invalid("This link to an earlier part cannot be read. Go back to the first page.") from error
    if moment.tzinfo is None:
        raise Invalid("This link to an earlier part cannot be read. Go back to the first page.")
    return moment


ROUTES = [home]
