"""Who is who: `/api/customers/<customer>/merges`; a merge undone, two customers joined, and told apart."""

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath

from regulars.remember import merging
from regulars.remember.merging import Joined, Parted
from regulars.store.database import Tx
from regulars.web.api.entry import AnyRequest, Cursor, Limit, Listing, opened, part_of
from regulars.web.api.once import once
from regulars.web.api.telling import told
from regulars.web.api.whom import customer_at, customer_in, identity_at
from regulars.web.noting import notes, slip_of
from regulars.words.clock import utc_now

_SEEN = notes("customer.seen", "customer")
_MOST = 1000


class Linked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The identifier whose merge is undone: of several merges that linked it, the newest."""

    identity: str


class Another(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Another customer, by number or identifier."""

    other: str


class WhoIsWho(msgspec.Struct, frozen=True):
    """What was said of two customers, by an identity of each. It is in the log; the customers follow in a moment."""

    one: int
    other: int


@get("/customers/{ref:str}/merges", sync_to_thread=True, opt=told(ref="user:u-1") | _SEEN)
def list_merges(request: AnyRequest, ref: FromPath[str], limit: Limit = 50, cursor: Cursor = "") -> Listing[Joined]:
    """List what made a customer one of several, the newest first, each with the event that said so."""
    with opened(request) as tx:
        found = merging.joined(tx, customer_in(request, tx, ref), _MOST)
        return part_of(found, limit, cursor, lambda one: f"{one.seq} {one.other}")


@get("/customers/{ref:str}/apart", sync_to_thread=True, opt=told(ref="user:u-1") | _SEEN)
def list_apart(request: AnyRequest, ref: FromPath[str], limit: Limit = 50, cursor: Cursor = "") -> Listing[Parted]:
    """List the customers of whom somebody said that they are not this one, the newest first."""
    with opened(request) as tx:
        found = merging.parted(tx, customer_in(request, tx, ref), _MOST)
        return part_of(found, limit, cursor, lambda one: f"{one.seq} {one.one} {one.other}")


@post(
    "/customers/{ref:str}/split",
    sync_to_thread=True,
    opt=told(ref="user:u-1", takes=Linked, gives=WhoIsWho, body={"identity": "anonymous:phone-1"})
    | notes("customer.split", "customer"),
)
def split_customer(request: AnyRequest, ref: FromPath[str]) -> Response[bytes]:
    """Undo a merge: both are customers of their own again, each with what they said; no link joins them again."""

    def split(tx: Tx, said: Linked) -> WhoIsWho:
        customer = customer_in(request, tx, ref)
        tie = merging.split_at(tx, customer, identity_at(tx, said.identity), utc_now())
        slip_of(request).tell(after={"one": tie.one, "other": tie.other, "merge": tie.seq})
        return WhoIsWho(tie.one, tie.other)

    return once(request, Linked, split)


@post(
    "/customers/{ref:str}/join",
    sync_to_thread=True,
    opt=told(ref="user:u-1", takes=Another, gives=WhoIsWho, body={"other": "user:u-2"})
    | notes("customer.joined", "customer"),
)
def join_customers(request: AnyRequest, ref: FromPath[str]) -> Response[bytes]:
    """Make two customers one, because somebody knows that they are. It can be undone like every merge."""

    def join(tx: Tx, said: Another) -> WhoIsWho:
        one, other = _both(request, tx, ref, said.other)
        merging.join(tx, one, other, utc_now())
        return WhoIsWho(one, other)

    return once(request, Another, join)


@post(
    "/customers/{ref:str}/apart",
    sync_to_thread=True,
    opt=told(ref="user:u-1", takes=Another, gives=WhoIsWho, body={"other": "user:u-2"})
    | notes("customer.apart", "customer"),
)
def tell_apart(request: AnyRequest, ref: FromPath[str]) -> Response[bytes]:
    """Say that two customers are not the same: no link joins them, until somebody joins them by hand."""

    def tell(tx: Tx, said: Another) -> WhoIsWho:
        one, other = _both(request, tx, ref, said.other)
        merging.tell_apart(tx, one, other, utc_now())
        return WhoIsWho(one, other)

    return once(request, Another, tell)


def _both(request: AnyRequest, tx: Tx, ref: str, named: str) -> tuple[int, int]:
    one, other = customer_in(request, tx, ref), customer_at(tx, named)
    slip_of(request).tell(after={"other": other})
    return one, other


HANDLERS = [list_merges, list_apart, split_customer, join_customers, tell_apart]
