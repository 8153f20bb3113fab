"""Pauses from messages at `/api/customers/<customer>/pauses`: every statement with its proof; begun, and ended."""

from datetime import datetime

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath

from regulars.access.workspaces import get_workspace
from regulars.engage import pausing
from regulars.remember import customers, pauses
from regulars.remember.pauses import PauseSaid
from regulars.store.database import Tx
from regulars.web.api.entry import AnyRequest, Cursor, Limit, Listing, opened, part_of
from regulars.web.api.once import once
from regulars.web.api.telling import told
from regulars.web.api.whom import customer_in, identity_at
from regulars.web.noting import notes, slip_of
from regulars.words.clock import utc_now


class NewPause(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A pause that a customer asked for: how many days, how they said so, and in which words."""

    days: int
    how: str
    words: str = ""


class EndOfPause(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """That a customer wants messages again: how they said so, and in which words."""

    how: str
    words: str = ""


class Pausing(msgspec.Struct, frozen=True):
    """Until when a customer wants no messages; `until` is null where they want them."""

    identity_id: int
    until: datetime | None


@get("/customers/{ref:str}/pauses", sync_to_thread=True, opt=told(ref="user:u-1") | notes("customer.seen", "customer"))
def list_pauses(request: AnyRequest, ref: FromPath[str], limit: Limit = 50, cursor: Cursor = "") -> Listing[PauseSaid]:
    """List every statement about pauses of a customer with its proof, the newest first."""
    with opened(request) as tx:
        found = pauses.of_customer(tx, customer_in(request, tx, ref))
        return part_of(found, limit, cursor, lambda one: f"{one.identity_id} {one.seq}")


@post(
    "/customers/{ref:str}/pause",
    sync_to_thread=True,
    opt=told(
        ref="email:ieva@post.example",
        takes=NewPause,
        gives=Pausing,
        body={"days": 30, "how": "by telephone", "words": "Not before I am back."},
    )
    | notes("pause.changed", "customer"),
)
def begin_pause(request: AnyRequest, ref: FromPath[str]) -> Response[bytes]:
    """Let campaigns leave a customer out for some days, a year at most; then they go on by themselves."""

    def begin(tx: Tx, said: NewPause) -> Pausing:
        workspace = get_workspace(request.app.state.house.database, request.state.workspace)
        now = utc_now()
        until = pausing.after(said.days, now, workspace.zone)
        identity = _whose(request, tx, ref, until)
        pausing.begin(tx, identity, until, said.words, said.how, now)
        return Pausing(identity, until)

    return once(request, NewPause, begin)


@post(
    "/customers/{ref:str}/pause/end",
    sync_to_thread=True,
    opt=told(
        ref="email:ieva@post.example",
        takes=EndOfPause,
        gives=Pausing,
        body={"how": "by telephone", "words": "I am back."},
    )
    | notes("pause.changed", "customer"),
)
def end_pause(request: AnyRequest, ref: FromPath[str]) -> Response[bytes]:
    """End a customer's pause from messages now."""

    def finish(tx: Tx, said: EndOfPause) -> Pausing:
        identity = _whose(request, tx, ref, None)
        pausing.end(tx, identity, said.words, said.how, utc_now())
        return Pausing(identity, None)

    return once(request, EndOfPause, finish)


def _whose(request: AnyRequest, tx: Tx, ref: str, until: datetime | None) -> int:
    identity = identity_at(tx, ref)
    before = pauses.lasts_until(tx, identity, utc_now())
    slip_of(request).tell(customers.customer_of(tx, identity), before={"until": before}, after={"until": until})
    return identity


HANDLERS = [list_pauses, begin_pause, end_pause]
