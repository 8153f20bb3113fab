"""Customers who are forgotten whole: asked for at `/api/customers/<customer>/erasure`, then seen at `/api/erasures`."""

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath, FromQuery

from regulars.remember import erasure_records as erasures
from regulars.remember.erasure_records import Erasure
from regulars.store.database import Tx
from regulars.web import cursors
from regulars.web.api.entry import ADMIN, AnyRequest, Cursor, Limit, Listing, opened, part
from regulars.web.api.once import once
from regulars.web.api.telling import told
from regulars.web.api.whom import customer_in
from regulars.web.noting import notes
from regulars.web.numbers import number_in
from regulars.words.clock import utc_now
from regulars.words.errors import Unknown

_EXAMPLE = "0199b6f0-0000-7000-8000-0000000000aa"


class Forget(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`erase`: what they did is nobody's. `anonymise`: it stays with an anonymous customer. Neither is taken back."""

    mode: Literal["erase", "anonymise"] = "erase"


@post(
    "/customers/{ref:str}/erasure",
    sync_to_thread=True,
    opt=told(ref="user:u-1", takes=Forget, gives=Erasure, status=201, body={"mode": "erase"})
    | notes("customer.erasing.asked", "customer"),
)
def erase_customer(request: AnyRequest, ref: FromPath[str]) -> Response[bytes]:
    """Have a customer forgotten whole, for good. A work process does it; asking again changes nothing."""

    def ask(tx: Tx, said: Forget) -> Erasure:
        return erasures.ask(tx, customer_in(request, tx, ref), said.mode, utc_now())

    return once(request, Forget, ask)


@get("/erasures", sync_to_thread=True, opt=ADMIN | told(query={"q": "4711"}))
def list_erasures(
    request: AnyRequest, q: FromQuery[str] = "", limit: Limit = 50, cursor: Cursor = ""
) -> Listing[Erasure]:
    """List who was asked to be forgotten, the newest first, and how far it is: all, or by number (`q`).

    The number is all that is left of them.
    """
    wanted = number_in(q.strip()) if q.strip() else None
    if q.strip() and wanted is None:
        return Listing([], 0, None)
    before = cursors.read(cursor, tuple[datetime, UUID])
    with opened(request) as tx:
        some = erasures.list_erasures(tx, before=before, limit=limit + 1, customer=wanted)
        return part(some, erasures.count(tx, wanted), limit, lambda one: (one.asked_at, one.id))


@get("/erasures/{number:str}", sync_to_thread=True, opt=told(number=_EXAMPLE) | ADMIN)
def get_erasure(request: AnyRequest, number: FromPath[str]) -> Erasure:
    """Return one erasure: waiting, running with the step it is at, or done."""
    try:
        wanted = UUID(number)
    except ValueError as error:
        raise Unknown("There is no such erasure.") from error
    with opened(request) as tx:
        return erasures.get(tx, wanted)


HANDLERS = [erase_customer, list_erasures, get_erasure]
