"""Events: what is in the log, and the words in which a rule may speak of it."""

from litestar import get
from litestar.params import FromQuery

from regulars.store import records
from regulars.store.records import Event
from regulars.web import cursors
from regulars.web.api.entry import AnyRequest, Cursor, Limit, Listing, opened, part, part_of
from regulars.web.api.telling import told
from regulars.web.noting import notes


@get("/events", sync_to_thread=True, opt=told(query={"name": "identify", "limit": 10}) | notes("events.read"))
def list_events(
    request: AnyRequest, name: FromQuery[str | None] = None, limit: Limit = 50, cursor: Cursor = ""
) -> Listing[Event]:
    """List events, the newest first; of one kind if named."""
    (before,) = cursors.read(cursor, tuple[int]) or (None,)
    with opened(request) as tx:
        events = records.list_events(tx, kind=name, before=before, limit=limit + 1)
        return part(events, records.count_events(tx, kind=name), limit, lambda one: (one.seq,))


@get("/kinds", sync_to_thread=True)
def list_kinds(request: AnyRequest, limit: Limit = 50, cursor: Cursor = "") -> Listing[str]:
    """List the kinds of event that were ever heard of: a segment's rule may speak of them."""
    with opened(request) as tx:
        return part_of(sorted(records.list_kinds(tx)), limit, cursor, str)


HANDLERS = [list_events, list_kinds]
