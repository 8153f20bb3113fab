"""Taking everything of a workspace along: asked for here, written by a work process, downloaded when it is there."""

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import File, Redirect

from regulars.access import export_records as exports
from regulars.access.export_records import KEPT
from regulars.access.rights import Right
from regulars.web.console.desk import AtDesk, needs
from regulars.web.export_file import file_of
from regulars.web.noting import notes


@get("/workspace/exports", sync_to_thread=True, opt=needs(Right.MANAGE))
def export_list(desk: AtDesk) -> Response[str]:
    """Show what was asked for, and how far it is."""
    with desk.tx() as tx:
        found = exports.list_exports(tx, desk.workspace.name)
    busy = any(one.state in {"waiting", "running"} for one in found)
    return desk.page("exports.html", exports=found, busy=busy, days=KEPT.days)


@post("/workspace/exports", sync_to_thread=True, opt=needs(Right.MANAGE) | notes("workspace.export.asked", "export"))
def ask_for_export(desk: AtDesk) -> Redirect:
    """Ask for everything."""
    with desk.tx() as tx:
        asked = exports.ask(tx, desk.workspace.name, desk.person.email, desk.now)
        desk.slip.tell(asked.number)
        desk.slip.write(tx)
    return desk.go("/workspace/exports")


@get(
    "/workspace/exports/{number:int}/file",
    sync_to_thread=True,
    opt=needs(Right.MANAGE) | notes("workspace.export.taken", "export", by="number"),
)
def take_export(desk: AtDesk, number: FromPath[int]) -> File:
    """Give the file."""
    with desk.tx() as tx:
        export = exports.get(tx, desk.workspace.name, number)
    return file_of(desk.house, export)


ROUTES = [export_list, ask_for_export, take_export]
