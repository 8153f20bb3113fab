"""The file in which everything of a workspace lies: given to owners in the console, to programs by a signed link."""

from datetime import timedelta
from typing import Any

import msgspec
from litestar import Request, get
from litestar.params import FromPath
from litestar.response import File

from regulars.access import export_records as exports
from regulars.access.export_records import Export
from regulars.access.workspaces import get_workspace
from regulars.wiring import House
from regulars.words.clock import utc_now
from regulars.words.errors import Conflict, Unknown

LIVES = timedelta(minutes=15)
_SEALED_FOR = "export"


class Sealed(msgspec.Struct, frozen=True):
    """What a link says."""

    workspace: str
    number: int


def link_of(house: House, export: Export) -> str:
    """Return a link that gives the file of an export for a quarter of an hour; raise Conflict where it has none."""
    _only_done(export)
    return f"{house.base_url}/export/{house.links.seal(_SEALED_FOR, Sealed(export.workspace, export.number))}"


def file_of(house: House, export: Export) -> File:
    """Return the file of an export; raise Conflict where it has none, Unknown where that is not here."""
    _only_done(export)
    path = house.exports / export.file
    if not path.is_file():
        raise Unknown(
            "The file of export {number} is not on this machine. It lies in the data folder of the one that wrote it.",
            number=export.number,
        )
    private = {"cache-control": "no-store"}
    attached = {"content_disposition_type": "attachment", "media_type": "application/zip", "headers": private}
    return File(path, filename=export.file, **attached)  # pyright: ignore[reportArgumentType]


def _only_done(export: Export) -> None:
    if export.state != "done":
        raise Conflict("Export {number} has no file, or has none any more. Ask for a new one.", number=export.number)


@get("/export/{token:str}", sync_to_thread=True)
def take_by_link(request: Request[Any, Any, Any], token: FromPath[str]) -> File:
    """Give the file of an export by a link that is young enough."""
    house: House = request.app.state.house
    sealed = house.links.unseal(_SEALED_FOR, token, Sealed, utc_now(), LIVES)
    with house.database.shared() as tx:
        export = exports.get(tx, get_workspace(house.database, sealed.workspace).name, sealed.number)
    return file_of(house, export)
