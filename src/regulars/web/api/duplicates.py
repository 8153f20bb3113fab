"""Customers who may be one, at `/api/duplicates`; the rules by which they are joined, at `/api/identity-rules`."""

import msgspec
from litestar import Response, get, post, put
from litestar.params import FromQuery

from regulars.remember import duplicates, ruling
from regulars.remember.duplicates import START, Duplicate
from regulars.remember.heard import Rules
from regulars.remember.merge_records import Ruled
from regulars.remember.ruling import Tried
from regulars.store.database import Tx
from regulars.web import cursors
from regulars.web.api.entry import AnyRequest, Cursor, Limit, Listing, opened
from regulars.web.api.once import once
from regulars.web.api.replacing import check_newest, hold
from regulars.web.api.telling import told
from regulars.web.noting import notes, slip_of, unnoted
from regulars.words.clock import utc_now


class Two(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Two customers who may be one, by their numbers."""

    one: int
    other: int


class NewRules(Rules, frozen=True):
    """Which rules to take from now on.

    `replaces`: those that held when you looked. Where others hold by now, it is refused with 409 and overwrites
    nothing; the answer tells in `stands` which.
    """

    replaces: Rules | None = None


class IdentityRules(msgspec.Struct, frozen=True):
    """The rules that hold, and every change of them, the newest first."""

    rules: Rules
    versions: list[Ruled]


@get("/duplicates", sync_to_thread=True, opt=told(query={"q": "ieva"}) | notes("duplicates.seen"))
def list_duplicates(
    request: AnyRequest, q: FromQuery[str] = "", limit: Limit = 50, cursor: Cursor = ""
) -> Listing[Duplicate]:
    """List pairs of customers who may be one, the surest first: all, or those of whom a search (`q`) finds one.

    Joining is an operation of `customers`.
    """
    now, place = utc_now(), cursors.read(cursor, tuple[int, int, int]) or START
    with opened(request) as tx:
        pairs = duplicates.look(tx, now, place, limit + 1, q=q.strip())
        total = duplicates.count(tx, now, q=q.strip())
    following = cursors.made(*pairs[limit - 1].place) if len(pairs) > limit else None
    slip_of(request).tell(after={"shown": len(pairs[:limit])})
    return Listing(pairs[:limit], total, following)


@post(
    "/duplicates/later",
    sync_to_thread=True,
    opt=told(takes=Two, gives=Two, body={"one": 1, "other": 3}) | notes("duplicates.decided"),
)
def postpone_duplicate(request: AnyRequest) -> Response[bytes]:
    """Ask about a pair again in 30 days."""

    def postpone(tx: Tx, said: Two) -> Two:
        slip_of(request).tell(after={"what": "later", "pairs": [f"{said.one}-{said.other}"]})
        duplicates.postpone(tx, [(said.one, said.other)], utc_now() + duplicates.LATER)
        return said

    return once(request, Two, postpone)


@get("/identity-rules", sync_to_thread=True)
def get_identity_rules(request: AnyRequest) -> IdentityRules:
    """Return by which rules identities are joined, and since when."""
    with opened(request) as tx:
        return IdentityRules(ruling.rules_now(tx), ruling.versions(tx))


@put(
    "/identity-rules",
    sync_to_thread=True,
    opt=told(takes=NewRules, gives=Rules, body={"email": "strong", "phone": "weak", "devices": 1})
    | notes("identity.rules.changed"),
)
def set_identity_rules(request: AnyRequest) -> Response[bytes]:
    """Take other rules from now on. What was joined stays joined."""

    def change(tx: Tx, said: NewRules) -> Rules:
        rules = Rules(said.email, said.phone, said.devices)
        hold(tx, "identity rules")
        before = ruling.rules_now(tx)
        check_newest(before, said.replaces, rules)
        slip_of(request).tell(before=msgspec.to_builtins(before), after=msgspec.to_builtins(rules))
        ruling.change(tx, rules, utc_now())
        return rules

    return once(request, NewRules, change)


@post(
    "/identity-rules/try",
    sync_to_thread=True,
    opt=told(takes=Rules, gives=Tried, body={"email": "weak", "phone": "strong", "devices": 1})
    | unnoted("it changes nothing, and shows nobody: numbers only"),
)
def try_identity_rules(request: AnyRequest) -> Response[bytes]:
    """Say what rules would have made of the last 20,000 links, beside those of today."""
    return once(request, Rules, ruling.try_rules)


HANDLERS = [list_duplicates, postpone_duplicate, get_identity_rules, set_identity_rules, try_identity_rules]
