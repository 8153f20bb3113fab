"""Imports: a file is announced, brought to a link, looked at, tried, taken in, and its rejected rows taken back."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath, FromQuery

from regulars.hear import bringing
from regulars.hear import import_records as imports
from regulars.hear.imports.plan import Plan, What
from regulars.hear.imports.running import Outcome
from regulars.remember.folding import holds
from regulars.store.database import Tx
from regulars.understand import lists
from regulars.web import cursors
from regulars.web.api.entry import ADMIN, AnyRequest, Cursor, Limit, Listing, opened, part
from regulars.web.api.once import Nothing, once
from regulars.web.api.telling import told
from regulars.web.import_file import LIVES, Awaited, awaiting, link_of
from regulars.web.noting import notes, slip_of
from regulars.wiring import House
from regulars.words.clock import utc_now


class NewImport(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file that is going to be brought: what it is called, and what it holds; that is guessed where it is null."""

    file: str
    what: What | None = None


class Upload(msgspec.Struct, frozen=True):
    """Where the bytes of the file go (POST, as they are), and until when. It is null in an answer that is repeated."""

    link: str | None
    until: datetime


class ImportState(msgspec.Struct, frozen=True):
    """A file that was brought: draft, trying, tried, waiting, running, done, failed or cancelled."""

    number: int
    file: str
    bytes: int
    asked_by: str
    asked_at: datetime
    state: str
    plan: Plan
    """How it is read, and what each of its columns is."""
    place: int
    """How far it was read, of `size`."""
    size: int
    outcome: Outcome
    problem: str
    finished_at: datetime | None


class LookedAt(msgspec.Struct, frozen=True):
    """The columns of a file and its first rows, as they are read now, and whose export it seems to be."""

    columns: list[str]
    rows: list[list[str]]
    program: str


class ByMapping(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The name of a mapping that is kept."""

    mapping: str


class RejectedLink(msgspec.Struct, frozen=True):
    """Where the rejected rows are (CSV), and until when. It is null in an answer that is repeated."""

    link: str | None
    until: datetime


def _state(brought: imports.Brought) -> ImportState:
    fields: Mapping[str, Any] = {
        name: getattr(brought, name) for name in ImportState.__struct_fields__ if name not in _READ
    }
    return ImportState(**fields, plan=brought.planned(), outcome=msgspec.convert(brought.outcome, Outcome))


_READ = ("plan", "outcome")
_EXAMPLE = {"what": "customers", "reading": {"format": "csv"}, "columns": {"email": "email"}}


@get("/imports", sync_to_thread=True, opt=ADMIN | told(query={"q": "customers.csv"}))
def list_imports(
    request: AnyRequest, q: FromQuery[str] = "", limit: Limit = 50, cursor: Cursor = ""
) -> Listing[ImportState]:
    """List the files that were brought, the newest first: all, or those of a name or person (`q`)."""
    name, place = request.state.workspace, cursors.read(cursor, tuple[int])
    before = place[0] if place else None
    with opened(request) as tx:
        meant = [one.number for one in imports.labels(tx, name) if holds(q, one.file, one.asked_by)]
        some = [number for number in meant if before is None or number < before][: limit + 1]
        found = imports.list_imports(tx, name, among=some, limit=limit + 1)
    return part([_state(one) for one in found], len(meant), limit, lambda one: (one.number,))


@get("/imports/{number:int}", sync_to_thread=True, opt=told(number="1") | ADMIN)
def get_import(request: AnyRequest, number: FromPath[int]) -> ImportState:
    """Return one import, how far it is, and what came of it until now."""
    with opened(request) as tx:
        return _state(imports.get(tx, request.state.workspace, number))


@get(
    "/imports/{number:int}/look",
    sync_to_thread=True,
    opt=told(number="1") | ADMIN | notes("import.seen", "import", by="number"),
)
def look_at_import(request: AnyRequest, number: FromPath[int]) -> LookedAt:
    """Return the columns and first rows of a file, as it is read now."""
    house: House = request.app.state.house
    with opened(request) as tx:
        brought = imports.get(tx, request.state.workspace, number)
    found = bringing.look(house.imports, brought)
    return LookedAt(found.columns, found.rows, found.program)


@post(
    "/imports",
    sync_to_thread=True,
    opt=told(takes=NewImport, gives=Upload, status=201, body={"file": "customers.csv", "what": "customers"})
    | notes("import.announced", "import"),
)
def announce_import(request: AnyRequest) -> Response[bytes]:
    """Get a link to which one file may be sent for 15 minutes; the answer there says which import it became."""
    house: House = request.app.state.house

    def announce(tx: Tx, new: NewImport) -> Upload:
        slip_of(request).tell(new.file)
        workspace, now = request.state.workspace, utc_now()
        number = imports.await_file(tx, workspace, request.state.key, now + LIVES, now)
        awaited = Awaited(number, workspace, new.file, new.what, slip_of(request).whoever)
        return Upload(awaiting(house, awaited), now + LIVES)

    return once(request, NewImport, announce, kept=lambda made: Upload(None, made.until))


@post(
    "/imports/{number:int}/plan",
    sync_to_thread=True,
    opt=told(number="1", takes=Plan, gives=ImportState, body=_EXAMPLE) | notes("import.asked", "import", by="number"),
)
def plan_import(request: AnyRequest, number: FromPath[int]) -> Response[bytes]:
    """Say how a file is read, and what each of its columns is; a column that is not named is not taken."""
    house: House = request.app.state.house

    def plan(tx: Tx, said: Plan) -> ImportState:
        lists.check(tx, said.on_list)
        bringing.change(tx, house.imports, imports.get(tx, request.state.workspace, number), said, utc_now())
        return _state(imports.get(tx, request.state.workspace, number))

    return once(request, Plan, plan)


@post(
    "/imports/{number:int}/mapping",
    sync_to_thread=True,
    opt=told(number="1", takes=ByMapping, gives=ImportState, body={"mapping": "Till"})
    | notes("import.asked", "import", by="number"),
)
def map_import(request: AnyRequest, number: FromPath[int]) -> Response[bytes]:
    """Understand a file as a mapping says that is kept; columns that it does not know are left out."""
    house: House = request.app.state.house

    def use(tx: Tx, said: ByMapping) -> ImportState:
        brought = imports.get(tx, request.state.workspace, number)
        bringing.by_mapping(tx, house.imports, brought, said.mapping, utc_now())
        return _state(imports.get(tx, request.state.workspace, number))

    return once(request, ByMapping, use)


def _ask(request: AnyRequest, number: int, *, dry: bool) -> Response[bytes]:
    def ask(tx: Tx, _: Nothing) -> ImportState:
        imports.ask(tx, imports.get(tx, request.state.workspace, number), dry=dry)
        return _state(imports.get(tx, request.state.workspace, number))

    return once(request, Nothing, ask)


@post(
    "/imports/{number:int}/try",
    sync_to_thread=True,
    opt=told(number="1", takes=Nothing, gives=ImportState) | notes("import.asked", "import", by="number"),
)
def check_import(request: AnyRequest, number: FromPath[int]) -> Response[bytes]:
    """Have a work process say what would come of a file; nothing of it is taken in."""
    return _ask(request, number, dry=True)


@post(
    "/imports/{number:int}/start",
    sync_to_thread=True,
    opt=told(number="2", takes=Nothing, gives=ImportState) | notes("import.asked", "import", by="number"),
)
def start_import(request: AnyRequest, number: FromPath[int]) -> Response[bytes]:
    """Have a work process take a file in; one that was cancelled or broke off is gone on with."""
    return _ask(request, number, dry=False)


@post(
    "/imports/{number:int}/cancel",
    sync_to_thread=True,
    opt=told(number="2", takes=Nothing, gives=ImportState) | notes("import.cancelled", "import", by="number"),
)
def cancel_import(request: AnyRequest, number: FromPath[int]) -> Response[bytes]:
    """Stop taking a file in; what was taken stays."""

    def cancel(tx: Tx, _: Nothing) -> ImportState:
        imports.cancel(tx, imports.get(tx, request.state.workspace, number), utc_now())
        return _state(imports.get(tx, request.state.workspace, number))

    return once(request, Nothing, cancel)


@post(
    "/imports/{number:int}/rejected",
    sync_to_thread=True,
    opt=told(number="1", takes=Nothing, gives=RejectedLink) | notes("import.rejected.taken", "import", by="number"),
)
def link_to_rejected(request: AnyRequest, number: FromPath[int]) -> Response[bytes]:
    """Return a link to the rows that were not taken (CSV), each with the reason; it works for 15 minutes."""
    house: House = request.app.state.house

    def link(tx: Tx, _: Nothing) -> RejectedLink:
        return RejectedLink(link_of(house, imports.get(tx, request.state.workspace, number)), utc_now() + LIVES)

    return once(request, Nothing, link, kept=lambda made: RejectedLink(None, made.until))


HANDLERS = [
    list_imports, get_import, look_at_import, announce_import, plan_import, map_import, check_import, start_import,
    cancel_import, link_to_rejected,
]  # fmt: skip
