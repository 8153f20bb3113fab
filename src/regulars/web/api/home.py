"""Home: what customers told us and what we did about it, the two figures, and what is going on."""

from datetime import datetime, timedelta

import msgspec
from litestar import get

from regulars.measure import feed
from regulars.measure.campaigns import numbers
from regulars.measure.feed import Told
from regulars.speak import campaigns
from regulars.store.follow import wants_a_look
from regulars.web import cursors
from regulars.web.api.campaigns import Standing
from regulars.web.api.entry import AnyRequest, Cursor, Limit, Listing, opened, part
from regulars.web.api.telling import told
from regulars.web.noting import notes
from regulars.words.clock import utc_now


class Overview(msgspec.Struct, frozen=True):
    """How much of what was said in the last 30 days a message has acknowledged, and half of that within which time.

    `live` are the campaigns that write now; `wants_a_look` says that a follower stands still or has put something
    aside.
    """

    said: int
    answered: int
    median: timedelta | None
    live: list[Standing]
    wants_a_look: bool


@get("/home", sync_to_thread=True)
def get_overview(request: AnyRequest) -> Overview:
    """Return how we do: what was acknowledged, how soon, what is going on, and if something wants a look."""
    with opened(request) as tx:
        figures = feed.acknowledgement(tx, utc_now())
        live = [one for one in campaigns.list_campaigns(tx) if one.state == "live"]
        counted = numbers(tx, [one.name for one in live])
        standing = [Standing(one, counted[one.name].by_state) for one in live]
        return Overview(figures.said, figures.answered, _whole(figures.median), standing, wants_a_look(tx))


def _whole(took: timedelta | None) -> timedelta | None:
    """Return whole seconds: JSON Schema's `duration` (RFC 3339, appendix A) has no fractions."""
    return None if took is None else timedelta(seconds=round(took.total_seconds()))


@get("/told", sync_to_thread=True, opt=told(query={"limit": 10}) | notes("home.seen"))
def list_told(request: AnyRequest, limit: Limit = 50, cursor: Cursor = "") -> Listing[Told]:
    """List what customers told us, the newest first, each with the message that quoted it or those on their way."""
    before, than = cursors.read(cursor, tuple[datetime, int]) or (None, 0)
    with opened(request) as tx:
        found = feed.feed(tx, before=before, than=than, limit=limit + 1)
        return part(found, feed.count(tx), limit, lambda one: (one.at, one.seq))


HANDLERS = [get_overview, list_told]
