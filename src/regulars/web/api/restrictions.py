"""Customers who are kept and not used, at `/api/customers/<customer>/restrictions`: asked for, lifted, with proof."""

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath

from regulars.engage import restricting
from regulars.remember import customers, restrictions
from regulars.remember.restrictions import RestrictionSaid
from regulars.store.database import Tx
from regulars.web.api.entry import AnyRequest, Cursor, Limit, Listing, opened, part_of
from regulars.web.api.once import once
from regulars.web.api.telling import told
from regulars.web.api.whom import customer_in, identity_at
from regulars.web.noting import notes, slip_of
from regulars.words.clock import utc_now

_CHANGED = notes("restriction.changed", "customer")


class Asked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a customer asked for it, or heard that it ends; and in which words."""

    how: str
    words: str = ""


class Restricting(msgspec.Struct, frozen=True):
    """Whether what is known of a customer is kept and not used."""

    identity_id: int
    restricted: bool


@get(
    "/customers/{ref:str}/restrictions",
    sync_to_thread=True,
    opt=told(ref="user:u-1") | notes("customer.seen", "customer"),
)
def list_restrictions(
    request: AnyRequest, ref: FromPath[str], limit: Limit = 50, cursor: Cursor = ""
) -> Listing[RestrictionSaid]:
    """List every statement about restrictions of a customer with its proof, the newest first."""
    with opened(request) as tx:
        found = restrictions.of_customer(tx, customer_in(request, tx, ref))
        return part_of(found, limit, cursor, lambda one: f"{one.identity_id} {one.seq}")


@post(
    "/customers/{ref:str}/restriction",
    sync_to_thread=True,
    opt=told(
        ref="email:ieva@post.example",
        takes=Asked,
        gives=Restricting,
        body={"how": "by telephone", "words": "Keep it until the complaint is settled, and do not use it."},
    )
    | _CHANGED,
)
def restrict_customer(request: AnyRequest, ref: FromPath[str]) -> Response[bytes]:
    """Keep what is known of a customer and use it no more: nothing is sent, and they are in no segment."""

    def restrict(tx: Tx, said: Asked) -> Restricting:
        identity = _whose(request, tx, ref, restricted=True)
        restricting.restrict(tx, identity, said.words, said.how, utc_now())
        return Restricting(identity, restricted=True)

    return once(request, Asked, restrict)


@post(
    "/customers/{ref:str}/restriction/lift",
    sync_to_thread=True,
    opt=told(
        ref="email:ieva@post.example",
        takes=Asked,
        gives=Restricting,
        body={"how": "told by telephone", "words": "It is settled."},
    )
    | _CHANGED,
)
def lift_restriction(request: AnyRequest, ref: FromPath[str]) -> Response[bytes]:
    """Use what is known of a customer again. Tell them before you do."""

    def lift(tx: Tx, said: Asked) -> Restricting:
        identity = _whose(request, tx, ref, restricted=False)
        restricting.lift(tx, identity, said.words, said.how, utc_now())
        return Restricting(identity, restricted=False)

    return once(request, Asked, lift)


def _whose(request: AnyRequest, tx: Tx, ref: str, *, restricted: bool) -> int:
    identity = identity_at(tx, ref)
    before = {"restricted": restrictions.stands(tx, identity)}
    slip_of(request).tell(customers.customer_of(tx, identity), before=before, after={"restricted": restricted})
    return identity


HANDLERS = [list_restrictions, restrict_customer, lift_restriction]
