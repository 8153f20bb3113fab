"""What machines sent lately, taken or not: what the console's live debugger shows."""

from typing import Literal

import msgspec
from litestar import get
from litestar.params import FromPath, FromQuery

from regulars.hear import arrivals
from regulars.hear.arrivals import Arrival, HeardEvent, Wanted
from regulars.hear.rejected_records import KeptRejected
from regulars.remember.outcomes import Outcome, outcome
from regulars.web import cursors
from regulars.web.api.entry import AnyRequest, Cursor, Limit, Listing, opened
from regulars.web.api.telling import told
from regulars.web.noting import notes, slip_of


class TakenEvent(msgspec.Struct, frozen=True):
    """An event as it was taken, and what became of it."""

    event: HeardEvent
    outcome: Outcome


@get(
    "/arrivals",
    sync_to_thread=True,
    opt=told(query={"taken": "yes", "limit": 10}) | notes("arrivals.seen"),
)
def list_arrivals(
    request: AnyRequest,
    kind: FromQuery[str | None] = None,
    key: FromQuery[int | None] = None,
    library: FromQuery[str | None] = None,
    taken: FromQuery[Literal["yes", "no"] | None] = None,
    limit: Limit = 50,
    cursor: Cursor = "",
) -> Listing[Arrival]:
    """List what machines sent lately, the newest first; of one kind, key or library, taken or not, if named."""
    before = cursors.read(cursor, tuple[int, int]) or arrivals.FIRST
    wanted = Wanted(kind, key, library, None if taken is None else taken == "yes")
    with opened(request) as tx:
        found = arrivals.list_arrivals(tx, wanted, before=before, limit=limit + 1)
        some = found[:limit]
        following = cursors.made(*arrivals.place_after(some, before)) if len(found) > limit else None
        return Listing(some, arrivals.count_arrivals(tx, wanted), following)


@get("/arrivals/{seq:int}", sync_to_thread=True, opt=told(seq="1") | notes("event.seen", "event", by="seq"))
def get_arrival(request: AnyRequest, seq: FromPath[int]) -> TakenEvent:
    """Return an event as it was taken, and what became of it: whose it is, what was learned, what was ignored."""
    with opened(request) as tx:
        event = arrivals.get_taken(tx, seq)
        found = outcome(tx, event.identity_id, seq, event.kind, event.props)
    if found.customer_id is not None:
        slip_of(request).tell(found.customer_id, kind="customer")
    return TakenEvent(event, found)


@get("/rejected/{number:int}", sync_to_thread=True, opt=told(number="1") | notes("event.seen", "event", by="number"))
def get_rejected(request: AnyRequest, number: FromPath[int]) -> KeptRejected:
    """Return an event that was sent and not taken: why, and the beginning of what was sent."""
    with opened(request) as tx:
        return arrivals.get_rejected(tx, number)


HANDLERS = [list_arrivals, get_arrival, get_rejected]
