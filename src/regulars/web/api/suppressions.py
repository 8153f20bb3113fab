"""Addresses that nothing is sent to: `/api/suppressions`, and how one comes off the list."""

from datetime import datetime

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath, FromQuery

from regulars.decide import suppressions
from regulars.decide.suppressions import SuppressedAddress
from regulars.store.database import Tx
from regulars.web import cursors
from regulars.web.api.entry import AnyRequest, Cursor, Limit, Listing, opened, part
from regulars.web.api.once import once
from regulars.web.api.telling import told
from regulars.web.noting import notes, slip_of
from regulars.words.clock import utc_now


class Lift(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why mail may go there again: it stays in the audit log."""

    why: str = ""


@get("/suppressions", sync_to_thread=True, opt=told(query={"limit": 10}) | notes("suppressions.listed"))
def list_suppressions(
    request: AnyRequest, q: FromQuery[str] = "", why: FromQuery[str] = "", limit: Limit = 50, cursor: Cursor = ""
) -> Listing[SuppressedAddress]:
    """List the addresses that nothing is sent to, the newest first: all, or those wanted.

    `why` is `bounced` (came back for good), `soft` (came back on five days of thirty) or `complained` (called a message
    spam; what somebody waits for still goes there). `seq` is the event that says so.
    """
    place = cursors.read(cursor, tuple[datetime, int])
    with opened(request) as tx:
        found = suppressions.part(tx, q.strip(), why, place=place, limit=limit + 1)
        total = suppressions.count(tx, q.strip(), why)
        return part(found, total, limit, lambda one: (one.at, one.identity_id))


@post(
    "/suppressions/{number:int}/lift",
    sync_to_thread=True,
    opt=told(number="3", takes=Lift, gives=SuppressedAddress, body={"why": "Their mailbox is there again, they say."})
    | notes("suppression.lifted", "customer"),
)
def lift_suppression(request: AnyRequest, number: FromPath[int]) -> Response[bytes]:
    """Let mail go to an address again; what comes back from now on puts it on the list anew."""

    def lift(tx: Tx, said: Lift) -> SuppressedAddress:
        found = suppressions.lift(tx, number, utc_now())
        slip_of(request).tell(found.customer_id, before={"why": found.why}, after={"said": said.why.strip()[:300]})
        return found

    return once(request, Lift, lift)


HANDLERS = [list_suppressions, lift_suppression]
