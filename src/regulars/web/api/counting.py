"""Of whom it is counted whether they open messages and follow links: `/api/counting`."""

import msgspec
from litestar import Response, get, put

from regulars.decide import tracking
from regulars.store.database import Tx
from regulars.web.api.entry import ADMIN, AnyRequest, opened
from regulars.web.api.once import once
from regulars.web.api.replacing import check_newest, hold
from regulars.web.api.telling import told
from regulars.web.noting import notes, slip_of


class Counting(msgspec.Struct, frozen=True):
    """Of whom it is counted: `unless_refused` (all who have not refused), `if_agreed` (those who agreed), or `off`."""

    tracking: str


class NewCounting(Counting, frozen=True, forbid_unknown_fields=True):
    """Of whom it is to be counted from now on.

    `replaces`: what held when you looked. Where something else holds by now, it is refused with 409 and overwrites
    nothing; the answer tells in `stands` what.
    """

    replaces: Counting | None = None


@get("/counting", sync_to_thread=True, opt=told() | ADMIN)
def get_counting(request: AnyRequest) -> Counting:
    """Return of whom it is counted whether they open messages and follow links."""
    with opened(request) as tx:
        return Counting(tracking.standing(tx))


@put(
    "/counting",
    sync_to_thread=True,
    opt=told(takes=NewCounting, gives=Counting, body={"tracking": "if_agreed"}) | notes("counting.changed"),
)
def set_counting(request: AnyRequest) -> Response[bytes]:
    """Count of others from now on; it holds for messages that were sent before, too."""

    def change(tx: Tx, said: NewCounting) -> Counting:
        wanted = Counting(said.tracking)
        hold(tx, "counting")
        before = Counting(tracking.standing(tx))
        check_newest(before, said.replaces, wanted)
        tracking.choose(tx, wanted.tracking)
        slip_of(request).tell(before={"tracking": before.tracking}, after={"tracking": wanted.tracking})
        return wanted

    return once(request, NewCounting, change)


HANDLERS = [get_counting, set_counting]
