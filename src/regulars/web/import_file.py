"""Files of imports over HTTP: one that a program brings by a link, and the rows that were not taken."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
from anyio.to_thread import run_sync
from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.response import File

from regulars.access.audit import Deed, Who
from regulars.access.workspaces import get_workspace
from regulars.hear import bringing
from regulars.hear import import_records as imports
from regulars.hear.bringing import LARGEST
from regulars.hear.import_records import Brought
from regulars.hear.imports.plan import What
from regulars.wiring import House
from regulars.words.clock import utc_now
from regulars.words.errors import Unknown

LIVES = timedelta(minutes=15)
_SEALED_FOR, _AWAITED_FOR = "import", "bring"


class Sealed(msgspec.Struct, frozen=True):
    """What a link says."""

    workspace: str
    number: int


class Awaited(msgspec.Struct, frozen=True):
    """What a link says by which a file is brought."""

    number: UUID
    """Of what is used up when it comes."""
    workspace: str
    file: str
    what: What | None
    who: Who


class Taken(msgspec.Struct, frozen=True):
    """Which import a file became."""

    number: int


def awaiting(house: House, awaited: Awaited) -> str:
    """Return a link by which one file may be brought for a quarter of an hour."""
    return f"{house.base_url}/bring/{house.links.seal(_AWAITED_FOR, awaited)}"


@post("/bring/{token:str}", request_max_body_size=LARGEST, status_code=201)
async def bring_by_link(request: Request[Any, Any, Any], token: FromPath[str]) -> Response[bytes]:
    """Take the body of a request as a file; it goes to the disk as it comes. The link is used up, whatever comes.

    What says beforehand that it is too large does not come, and leaves the link as it is.
    """
    house: House = request.app.state.house
    awaited = house.links.unseal(_AWAITED_FOR, token, Awaited, utc_now(), LIVES)
    bringing.check_size(request.content_length or 0)
    await run_sync(_use_up, house, awaited)
    with bringing.begun(house.imports) as (part, out):
        async for piece in request.stream():
            await run_sync(out.write, piece)
        await run_sync(out.flush)
        taken = await run_sync(_take_over, house, awaited, part)
    return Response(msgspec.json.encode(taken), status_code=201, media_type="application/json")


def _use_up(house: House, awaited: Awaited) -> None:
    with house.database.shared() as tx:
        imports.take_awaited(tx, awaited.workspace, awaited.number, utc_now())


def _take_over(house: House, awaited: Awaited, part: Path) -> Taken:
    workspace = get_workspace(house.database, awaited.workspace)
    how = (awaited.file, awaited.who.name, utc_now(), awaited.what, workspace.zone)
    brought = bringing.take_over(house.database, workspace.name, part, *how)
    with house.database.workspace(workspace.name) as tx:
        deed = Deed("import.brought", "import", str(brought.number), label=brought.file)
        house.audit.note(tx, awaited.who, deed, utc_now())
    return Taken(brought.number)


def link_of(house: House, brought: Brought) -> str:
    """Return a link that gives the rejected rows of an import for a quarter of an hour; raise Unknown without any."""
    rejects_of(house, brought)
    return f"{house.base_url}/import/{house.links.seal(_SEALED_FOR, Sealed(brought.workspace, brought.number))}"


def rejects_of(house: House, brought: Brought) -> File:
    """Return the rows that an import did not take; raise Unknown where there are none, or none any more."""
    path = house.imports / brought.rejects
    if not path.is_file():
        raise Unknown("Import {number} has no rejected rows, or they are kept no more.", number=brought.number)
    name = f"{brought.file.partition('.')[0]}-rejected.csv"
    private = {"cache-control": "no-store"}
    attached = {"content_disposition_type": "attachment", "media_type": "text/csv; charset=utf-8", "headers": private}
    return File(path, filename=name, **attached)  # pyright: ignore[reportArgumentType]


@get("/import/{token:str}", sync_to_thread=True)
def take_rejected_by_link(request: Request[Any, Any, Any], token: FromPath[str]) -> File:
    """Give the rejected rows of an import by a link that is young enough."""
    house: House = request.app.state.house
    sealed = house.links.unseal(_SEALED_FOR, token, Sealed, utc_now(), LIVES)
    with house.database.shared() as tx:
        brought = imports.get(tx, get_workspace(house.database, sealed.workspace).name, sealed.number)
    return rejects_of(house, brought)
