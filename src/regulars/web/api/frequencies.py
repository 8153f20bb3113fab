"""How often customers want to be written to, at `/api/customers/<customer>/frequency`, with every statement of it."""

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath

from regulars.engage import frequency
from regulars.remember import customers, frequencies
from regulars.remember.frequencies import FrequencySaid
from regulars.store.database import Tx
from regulars.web.api.entry import AnyRequest, Cursor, Limit, Listing, opened, part_of
from regulars.web.api.once import once
from regulars.web.api.telling import told
from regulars.web.api.whom import customer_in, identity_at
from regulars.web.noting import notes, slip_of
from regulars.words.clock import utc_now


class NewFrequency(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One message in so many days at most, or null for as it comes; how the customer said so, and in which words."""

    days: int | None
    how: str
    words: str = ""


class Spacing(msgspec.Struct, frozen=True):
    """In how many days a customer wants one message at most; `days` is null where they want them as they come."""

    identity_id: int
    days: int | None


@get(
    "/customers/{ref:str}/frequencies",
    sync_to_thread=True,
    opt=told(ref="user:u-1") | notes("customer.seen", "customer"),
)
def list_frequencies(
    request: AnyRequest, ref: FromPath[str], limit: Limit = 50, cursor: Cursor = ""
) -> Listing[FrequencySaid]:
    """List every statement of a customer about how often, with its proof, the newest first."""
    with opened(request) as tx:
        found = frequencies.of_customer(tx, customer_in(request, tx, ref))
        return part_of(found, limit, cursor, lambda one: f"{one.identity_id} {one.seq}")


@post(
    "/customers/{ref:str}/frequency",
    sync_to_thread=True,
    opt=told(
        ref="email:ieva@post.example",
        takes=NewFrequency,
        gives=Spacing,
        body={"days": 7, "how": "by telephone", "words": "Once a week is enough."},
    )
    | notes("frequency.changed", "customer"),
)
def choose_frequency(request: AnyRequest, ref: FromPath[str]) -> Response[bytes]:
    """Let campaigns write to a customer once in so many days at most, by all channels together."""

    def choose(tx: Tx, said: NewFrequency) -> Spacing:
        identity = identity_at(tx, ref)
        before = frequencies.days_of(tx, identity)
        slip_of(request).tell(customers.customer_of(tx, identity), before={"days": before}, after={"days": said.days})
        frequency.choose(tx, identity, said.days, said.words, said.how, utc_now())
        return Spacing(identity, said.days)

    return once(request, NewFrequency, choose)


HANDLERS = [list_frequencies, choose_frequency]
