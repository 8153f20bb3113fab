"""Keys for machines: the list, a new one, and one revoked. Only an admin key sees and changes them."""

import msgspec
from litestar import Response, delete, get, post
from litestar.params import FromPath, FromQuery

from regulars.access import keys
from regulars.access.keys import KnownKey
from regulars.remember.folding import holds
from regulars.store.database import Tx
from regulars.web.api.entry import ADMIN, AnyRequest, Cursor, Limit, Listing, opened, part_of
from regulars.web.api.once import Nothing, once
from regulars.web.api.telling import told
from regulars.web.noting import notes, slip_of
from regulars.wiring import House


class NewKey(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a key may do (browser, write, read or admin), and what it is for."""

    scope: str
    name: str = ""


class MadeKey(msgspec.Struct, frozen=True):
    """A key as it is listed, and the key itself. That is told once: it is null in an answer that is repeated."""

    about: KnownKey
    key: str | None


@get("/keys", sync_to_thread=True, opt=ADMIN | told(query={"q": "shop"}))
def list_keys(request: AnyRequest, q: FromQuery[str] = "", limit: Limit = 50, cursor: Cursor = "") -> Listing[KnownKey]:
    """List the keys, the newest first, and when each was last used: all, or those of a name (`q`)."""
    with opened(request) as tx:
        found = [one for one in keys.list_keys(tx, request.state.workspace) if holds(q, one.name)]
        return part_of(found, limit, cursor, lambda one: str(one.id))


@post(
    "/keys",
    sync_to_thread=True,
    opt=told(takes=NewKey, gives=MadeKey, status=201, body={"scope": "write", "name": "The shop"})
    | notes("key.made", "key"),
)
def make_key(request: AnyRequest) -> Response[bytes]:
    """Make a key. It is told this once."""

    def make(tx: Tx, said: NewKey) -> MadeKey:
        made, key = keys.add_key(tx, request.state.workspace, said.scope, said.name)
        slip_of(request).tell(made.id, label=made.name, after={"scope": made.scope})
        return MadeKey(made, key)

    return once(request, NewKey, make, kept=lambda made: MadeKey(made.about, None))


@delete(
    "/keys/{number:int}",
    status_code=200,
    sync_to_thread=True,
    opt=told(number="4711", takes=Nothing, gives=KnownKey) | notes("key.revoked", "key", by="number"),
)
def revoke_key(request: AnyRequest, number: FromPath[int]) -> Response[bytes]:
    """Revoke a key: within ten seconds it opens nothing."""

    def revoke(tx: Tx, _: Nothing) -> KnownKey:
        gone = keys.revoke_key(tx, request.state.workspace, number)
        slip_of(request).tell(label=gone.name, before={"scope": gone.scope})
        return gone

    house: House = request.app.state.house
    answer = once(request, Nothing, revoke)
    house.keys.forget()
    return answer


HANDLERS = [list_keys, make_key, revoke_key]
