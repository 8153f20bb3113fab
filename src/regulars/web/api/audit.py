"""The audit log for programs: who saw and changed what, the newest first. Only an admin key sees it."""

from litestar import get
from litestar.params import FromQuery

from regulars.access.audit import Entry, count_entries, list_entries, mark, point
from regulars.web import cursors
from regulars.web.api.entry import ADMIN, AnyRequest, Cursor, Limit, Listing, opened, part
from regulars.web.api.telling import told
from regulars.web.entries import Asked, wanted
from regulars.web.noting import notes


@get(
    "/audit",
    sync_to_thread=True,
    opt=ADMIN | told(query={"action": "login", "since": "2026-01-31", "limit": 10}) | notes("audit.seen"),
)
def list_audit(
    request: AnyRequest,
    who: FromQuery[str] = "",
    action: FromQuery[str] = "",
    on: FromQuery[str] = "",
    since: FromQuery[str] = "",
    until: FromQuery[str] = "",
    limit: Limit = 50,
    cursor: Cursor = "",
) -> Listing[Entry]:
    """List who saw and changed what, the newest first: by whom, what, on what and on which days, if named."""
    place = cursors.read(cursor, tuple[str])
    with opened(request) as tx:
        some = wanted(tx, Asked(who.strip(), action, on.strip(), since, until))
        found = list_entries(tx, some, before=point(place[0]) if place else None, limit=limit + 1)
        return part(found, count_entries(tx, some), limit, lambda one: (mark(one),))


HANDLERS = [list_audit]
