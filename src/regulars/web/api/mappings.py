"""Mappings at `/api/mappings`: how a file was understood, kept under a name for the next file with its columns."""

from datetime import datetime

import msgspec
from litestar import Response, delete, get, put
from litestar.params import FromPath

from regulars.hear import mapping_records, mappings
from regulars.hear.imports.plan import Plan
from regulars.hear.mapping_records import KeptMapping
from regulars.store.database import Tx
from regulars.web.api.entry import ADMIN, AnyRequest, Cursor, Limit, Listing, opened, part_of
from regulars.web.api.once import Nothing, once
from regulars.web.api.telling import told
from regulars.web.noting import notes, slip_of
from regulars.words.clock import utc_now


class ColumnMapping(msgspec.Struct, frozen=True):
    """How a file is read and what each of its columns is, under a name; who kept it so, and when."""

    name: str
    plan: Plan
    kept_by: str
    kept_at: datetime


def _told(kept: KeptMapping) -> ColumnMapping:
    return ColumnMapping(kept.name, kept.planned(), kept.kept_by, kept.kept_at)


_EXAMPLE = {
    "what": "customers",
    "reading": {"format": "csv"},
    "columns": {"email": "email", "size": "fact:shoe_size:number"},
}


@put(
    "/mappings/{name:str}",
    sync_to_thread=True,
    opt=told(name="Till", takes=Plan, gives=ColumnMapping, body=_EXAMPLE) | notes("mapping.kept", "mapping", by="name"),
)
def keep_mapping(request: AnyRequest, name: FromPath[str]) -> Response[bytes]:
    """Keep a mapping, in place of the one of its name. A file that comes with just its columns is understood so."""

    def keep(tx: Tx, plan: Plan) -> ColumnMapping:
        return _told(mappings.keep(tx, name, plan, slip_of(request).who, utc_now()))

    return once(request, Plan, keep)


@get("/mappings", sync_to_thread=True, opt=ADMIN)
def list_mappings(request: AnyRequest, limit: Limit = 50, cursor: Cursor = "") -> Listing[ColumnMapping]:
    """List the mappings that are kept, by name."""
    with opened(request) as tx:
        kept = [_told(one) for one in mapping_records.list_mappings(tx)]
    return part_of(kept, limit, cursor, lambda one: one.name)


@get("/mappings/{name:str}", sync_to_thread=True, opt=told(name="Till") | ADMIN)
def get_mapping(request: AnyRequest, name: FromPath[str]) -> ColumnMapping:
    """Return a mapping."""
    with opened(request) as tx:
        return _told(mappings.get(tx, name))


@delete(
    "/mappings/{name:str}",
    status_code=200,
    sync_to_thread=True,
    opt=told(name="Unused", takes=Nothing, gives=ColumnMapping) | notes("mapping.deleted", "mapping", by="name"),
)
def delete_mapping(request: AnyRequest, name: FromPath[str]) -> Response[bytes]:
    """Delete a mapping and return what it was; what was brought by it stays as it is."""

    def drop(tx: Tx, _: Nothing) -> ColumnMapping:
        return _told(mappings.drop(tx, name))

    return once(request, Nothing, drop)


HANDLERS = [keep_mapping, list_mappings, get_mapping, delete_mapping]
