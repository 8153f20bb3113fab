"""What customers allow, at `/api/customers/<customer>/consents`: every statement with its proof, and a new one."""

from datetime import datetime
from typing import Annotated

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath

from regulars.engage import preferences
from regulars.remember import consents, customers
from regulars.remember.consents import Agreed
from regulars.store.database import Tx
from regulars.web.api.entry import AnyRequest, Cursor, Limit, Listing, opened, part_of
from regulars.web.api.once import once
from regulars.web.api.telling import told
from regulars.web.api.whom import customer_in, identity_at
from regulars.web.noting import notes, slip_of
from regulars.words.clock import utc_now
from regulars.words.errors import Invalid, concerning


class NewConsent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A statement that was made outside: the words that were agreed to (or refused), and how it was said.

    `at` is when it was said, now if left out.
    """

    purpose: str
    granted: bool
    words: str
    how: str
    channel: str = "email"
    at: Annotated[datetime, msgspec.Meta(tz=True)] | None = None


class Recorded(msgspec.Struct, frozen=True):
    """A statement that is in the log; what it changes follows within a moment."""

    identity_id: int
    purpose: str
    channel: str
    granted: bool
    at: datetime


@get(
    "/customers/{ref:str}/consents", sync_to_thread=True, opt=told(ref="user:u-1") | notes("customer.seen", "customer")
)
def list_consents(request: AnyRequest, ref: FromPath[str], limit: Limit = 50, cursor: Cursor = "") -> Listing[Agreed]:
    """List every statement of consent of a customer with its proof, the newest first."""
    with opened(request) as tx:
        found = consents.of_customer(tx, customer_in(request, tx, ref))
        return part_of(found, limit, cursor, lambda one: f"{one.identity_id} {one.seq} {one.purpose} {one.channel}")


@post(
    "/customers/{ref:str}/consents",
    sync_to_thread=True,
    opt=told(
        ref="email:ieva@post.example",
        takes=NewConsent,
        status=201,
        gives=Recorded,
        body={"purpose": "marketing", "granted": False, "words": "Please stop writing to me.", "how": "by telephone"},
    )
    | notes("consent.recorded", "customer"),
)
def record_consent(request: AnyRequest, ref: FromPath[str]) -> Response[bytes]:
    """Record what a customer allowed or withdrew elsewhere, with its proof."""

    def record(tx: Tx, said: NewConsent) -> Recorded:
        now = utc_now()
        at = said.at or now
        if at > now:
            with concerning("at"):
                raise Invalid("at: {at} is still to come. Send the time at which it was said.", at=at.isoformat())
        identity = identity_at(tx, ref)
        about = (said.purpose, said.channel)
        change = {"purpose": said.purpose, "channel": said.channel, "granted": said.granted}
        slip_of(request).tell(customers.customer_of(tx, identity), after=change)
        preferences.record(tx, identity, about, granted=said.granted, words=said.words, how=said.how, at=at, now=now)
        return Recorded(identity, said.purpose, said.channel, said.granted, at)

    return once(request, NewConsent, record)


HANDLERS = [list_consents, record_consent]
