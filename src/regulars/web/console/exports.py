"""Taking everything of a workspace along: asked for here, written by a work process, downloaded when it is there."""

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import File, Redirect

from regulars.access import export_records as exports
from regulars.access.export_records import KEPT
from regulars.access.rights import Right
from regulars.remember.folding import holds
from regulars.web.console.desk import AtDesk, needs
from regulars.web.console.listing import FEW, Way, part
from regulars.web.export_file import file_of
from regulars.web.i18n import translator
from regulars.web.noting import notes


@get("/workspace/exports", sync_to_thread=True, opt=needs(Right.MANAGE))
def export_list(
    desk: AtDesk, q: FromQuery[str] = "", only: FromQuery[str] = "", after: FromQuery[str] = ""
) -> Response[str]:
    """Show what was asked for, and how far it is: all, or by whom, or in a state."""
    q, gettext = q.strip(), translator(desk.locale).gettext
    words = {
        "waiting": gettext("waiting"),
        "running": gettext("being written"),
        "done": gettext("to download"),
        "failed": gettext("failed"),
        "gone": gettext("not kept any more"),
    }
    only = only if only in words else ""
    way = Way(f"{desk.home}/workspace/exports", {"q": q, "only": only})
    with desk.tx() as tx:
        whole = exports.list_exports(tx, desk.workspace.name)
    found = [one for one in whole if holds(q, str(one.number), one.asked_by) and only in {"", one.state}]
    return desk.page(
        "exports.html",
        part=part(way, found, after, lambda one: str(one.number)),
        any=bool(whole),
        searched=bool(q or only) or len(whole) > FEW,
        busy=any(one.state in {"waiting", "running"} for one in whole),
        days=KEPT.days,
        q=q,
        only=only,
        way=way,
        states=[("", gettext("any state")), *words.items()],
        chips=([way.chip(desk.quoted(q), "q")] if q else []) + ([way.chip(words[only], "only")] if only else []),
    )


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
