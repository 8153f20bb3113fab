"""Home: what they told you, what we did about it, what is going on, and anything unhealthy."""

from datetime import datetime

from litestar import Response, get
from litestar.params import FromQuery

from regulars.measure.campaigns import numbers
from regulars.measure.feed import acknowledgement, feed
from regulars.speak import campaigns
from regulars.store import follow, records
from regulars.store.database import Tx
from regulars.web.console.desk import AtDesk
from regulars.words.errors import Invalid

SHOWN = 20
_BEHIND = 1_000
"""Events a follower may be behind before home speaks of it: fewer is a breath."""


@get("/", sync_to_thread=True)
def home(desk: AtDesk, before: FromQuery[str] = "") -> Response[str]:
    """Show what customers told us, newest first, with what we did about it."""
    with desk.tx() as tx:
        told = feed(tx, before=_moment(before), limit=SHOWN + 1)
        live = [one for one in campaigns.list_campaigns(tx) if one.state == "live"]
        counted = numbers(tx, [one.name for one in live])
        return desk.page(
            "home.html",
            told=told[:SHOWN],
            earlier=told[SHOWN - 1].at.isoformat() if len(told) > SHOWN else None,
            later=bool(before),
            figures=acknowledgement(tx, desk.now),
            live=[(one, counted[one.name]) for one in live],
            unhealthy=_unhealthy(tx),
        )


def _unhealthy(tx: Tx) -> bool:
    behind = any(lag.paused or lag.behind > _BEHIND for lag in follow.lags(tx))
    return behind or bool(records.list_quarantine(tx))


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
