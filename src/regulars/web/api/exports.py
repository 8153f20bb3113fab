"""Everything of the workspace in a file: asked for, looked at, and a link to it. Only an admin key sees and asks."""

from datetime import datetime

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath, FromQuery

from regulars.access import export_records as exports
from regulars.access.export_records import Export
from regulars.remember.folding import holds
from regulars.store.database import Tx
from regulars.web.api.entry import ADMIN, AnyRequest, Cursor, Limit, Listing, opened, part_of
from regulars.web.api.once import Nothing, once
from regulars.web.api.telling import told
from regulars.web.export_file import LIVES, link_of
from regulars.web.noting import notes, slip_of
from regulars.wiring import House
from regulars.words.clock import utc_now


class ExportLink(msgspec.Struct, frozen=True):
    """Where the file is, and until when; the link needs no key. It is null in an answer that is repeated."""

    link: str | None
    until: datetime


@get("/exports", sync_to_thread=True, opt=ADMIN | told(query={"only": "done"}))
def list_exports(
    request: AnyRequest, q: FromQuery[str] = "", only: FromQuery[str] = "", limit: Limit = 50, cursor: Cursor = ""
) -> Listing[Export]:
    """List what was asked for, the newest first, each with how far it is: all, or by whom (`q`), or in a state."""
    with opened(request) as tx:
        whole = exports.list_exports(tx, request.state.workspace)
    found = [one for one in whole if holds(q, str(one.number), one.asked_by) and only in {"", one.state}]
    return part_of(found, limit, cursor, lambda one: str(one.number))


@get("/exports/{number:int}", sync_to_thread=True, opt=told(number="1") | ADMIN)
def get_export(request: AnyRequest, number: FromPath[int]) -> Export:
    """Return one export: waiting, running, done, failed, or gone when its file is kept no longer."""
    with opened(request) as tx:
        return exports.get(tx, request.state.workspace, number)


@post(
    "/exports",
    sync_to_thread=True,
    opt=told(takes=Nothing, gives=Export, status=201) | notes("workspace.export.asked", "export"),
)
def ask_for_export(request: AnyRequest) -> Response[bytes]:
    """Have everything of the workspace written into a file; a work process does it."""

    def ask(tx: Tx, _: Nothing) -> Export:
        asked = exports.ask(tx, request.state.workspace, slip_of(request).who, utc_now())
        slip_of(request).tell(asked.number)
        return asked

    return once(request, Nothing, ask)


@post(
    "/exports/{number:int}/link",
    sync_to_thread=True,
    opt=told(number="1", takes=Nothing, gives=ExportLink) | notes("workspace.export.taken", "export", by="number"),
)
def link_to_export(request: AnyRequest, number: FromPath[int]) -> Response[bytes]:
    """Return a link to the file (zip), which works for 15 minutes."""
    house: House = request.app.state.house

    def link(tx: Tx, _: Nothing) -> ExportLink:
        export = exports.get(tx, request.state.workspace, number)
        return ExportLink(link_of(house, export), utc_now() + LIVES)

    return once(request, Nothing, link, kept=lambda made: ExportLink(None, made.until))


HANDLERS = [list_exports, get_export, ask_for_export, link_to_export]
