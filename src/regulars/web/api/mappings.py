"""Mappings at `/api/mappings`: how a file was understood, kept under a name for the next file with its columns."""

from datetime import datetime

import msgspec
from litestar import Response, delete, get, post, put
from litestar.params import FromPath, FromQuery

from regulars.hear import mapping_records, mappings
from regulars.hear.imports.plan import Plan
from regulars.hear.mapping_records import KeptMapping
from regulars.remember.folding import holds
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


class NewMapping(Plan, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a file is read and what each of its columns is, to be kept under a name.

    `replaces`: the plan that is kept under it now, as GET gave it. A name that is taken is refused with 409 without it,
    and where something else is kept by now, too; the answer tells in `stands` what there is.
    """

    replaces: Plan | None = None


class MappingNames(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which mappings are meant, by their names."""

    names: list[str]


class DeletedMappings(msgspec.Struct, frozen=True):
    """The mappings that are no more, by name, as they were; whoever keeps them again has them back."""

    mappings: list[ColumnMapping]


def _told(kept: KeptMapping) -> ColumnMapping:
    return ColumnMapping(kept.name, kept.planned(), kept.kept_by, kept.kept_at)


_EXAMPLE = {
    "what": "customers",
    "reading": {"format": "csv"},
    "columns": {"email": "email", "size": "fact:shoe_size:number"},
}
_KEPT = {"what": "customers", "reading": {"format": "csv"}, "columns": {"email": "email"}}


@put(
    "/mappings/{name:str}",
    sync_to_thread=True,
    opt=told(
        name="Till",
        takes=NewMapping,
        gives=ColumnMapping,
        body=_EXAMPLE | {"replaces": _KEPT},
    )
    | notes("mapping.kept", "mapping", by="name"),
)
def keep_mapping(request: AnyRequest, name: FromPath[str]) -> Response[bytes]:
    """Keep a mapping, in place of the one it replaces. A file that comes with just its columns is understood so."""

    def keep(tx: Tx, said: NewMapping) -> ColumnMapping:
        plan = Plan(**{field: getattr(said, field) for field in Plan.__struct_fields__})
        return _told(mappings.keep(tx, name, plan, slip_of(request).who, utc_now(), replaces=said.replaces))

    return once(request, NewMapping, keep)


@get("/mappings", sync_to_thread=True, opt=ADMIN | told(query={"q": "till"}))
def list_mappings(
    request: AnyRequest, q: FromQuery[str] = "", limit: Limit = 50, cursor: Cursor = ""
) -> Listing[ColumnMapping]:
    """List the mappings that are kept, by name: all, or those of a name or of whoever kept them (`q`)."""
    with opened(request) as tx:
        kept = [_told(one) for one in mapping_records.list_mappings(tx) if holds(q, one.name, one.kept_by)]
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


@post(
    "/deleted/mappings",
    sync_to_thread=True,
    opt=told(takes=MappingNames, gives=DeletedMappings, body={"names": ["Unused too"]})
    | notes("mapping.deleted", "mapping"),
)
def delete_several_mappings(request: AnyRequest) -> Response[bytes]:
    """Delete several mappings and return what they were; a name that none has (any more) is left out."""

    def drop(tx: Tx, said: MappingNames) -> DeletedMappings:
        meant = set(said.names)
        names = [one.name for one in mapping_records.list_mappings(tx) if one.name in meant]
        gone = DeletedMappings([_told(mappings.drop(tx, name)) for name in names])
        if names:
            slip_of(request).tell(", ".join(names))
        return gone

    return once(request, MappingNames, drop)


HANDLERS = [keep_mapping, list_mappings, get_mapping, delete_mapping, delete_several_mappings]
