"""How long events are kept, kind by kind: `/api/retention`."""

import msgspec
from litestar import Response, get, put
from litestar.params import FromQuery

from regulars.remember import retention
from regulars.remember.folding import holds
from regulars.remember.retention import KindKept
from regulars.store.database import Tx
from regulars.understand import keeping
from regulars.web.api.entry import ADMIN, AnyRequest, Cursor, Limit, Listing, opened, part_of
from regulars.web.api.once import once
from regulars.web.api.replacing import check_newest, hold
from regulars.web.api.telling import told
from regulars.web.noting import notes, slip_of
from regulars.words.clock import utc_now


class NewTerms(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many days events are kept, by kind; null is for ever. Kinds that are not named stay as they are.

    `replaces`: how long these kinds were kept when you looked. Where somebody else has chosen otherwise for one of them
    since, it is refused with 409 and changes nothing; the answer tells in `stands` what was chosen.
    """

    kinds: dict[str, int | None]
    replaces: dict[str, int | None] | None = None


class Terms(msgspec.Struct, frozen=True):
    """How many days events are kept, by kind; those that are not here for ever. `over` go within hours, for good."""

    kinds: dict[str, int]
    over: int


@get("/retention", sync_to_thread=True, opt=told(query={"q": "page", "days": 365}) | ADMIN)
def list_retention(
    request: AnyRequest,
    q: FromQuery[str] = "",
    days: FromQuery[int | None] = None,
    limit: Limit = 50,
    cursor: Cursor = "",
) -> Listing[KindKept]:
    """List the kinds of event, or those of a name (`q`): how many, since when, how long, how many are over."""
    if days is not None:
        retention.check_days(days)
    with opened(request) as tx:
        found = [one for one in retention.kept(tx, utc_now(), days) if holds(q, one.kind)]
        return part_of(found, limit, cursor, lambda one: one.kind)


@put(
    "/retention",
    sync_to_thread=True,
    opt=told(takes=NewTerms, gives=Terms, body={"kinds": {"page": 730}}) | notes("retention.changed"),
)
def set_retention(request: AnyRequest) -> Response[bytes]:
    """Change how long events are kept. Those whose time is over lose what they said, and nobody takes that back."""

    def change(tx: Tx, said: NewTerms) -> Terms:
        before = retention.terms(tx)
        keeping.check(tx, said.kinds)
        going = retention.would_go(tx, {**before, **said.kinds}, utc_now())  # it takes long, so nothing is held yet
        hold(tx, "retention")
        before = retention.terms(tx)
        seen = {kind: days for kind, days in (said.replaces or {}).items() if kind in said.kinds}
        check_newest({kind: before.get(kind) for kind in seen}, seen, {kind: said.kinds[kind] for kind in seen})
        after = keeping.keep(tx, said.kinds)
        slip_of(request).tell(before={"days": before}, after={"days": after})
        return Terms(after, sum(going.values()))

    return once(request, NewTerms, change)


HANDLERS = [list_retention, set_retention]
