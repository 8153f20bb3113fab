"""What to do first in a workspace that is new, and what of it is done."""

from litestar import Response, get

from regulars.access.rights import Right
from regulars.access.team import list_members
from regulars.engage.forms import titles
from regulars.store import records
from regulars.web.brands import OURS
from regulars.web.console.desk import AtDesk, needs

_ORDER = "Order Completed"


@get("/start", sync_to_thread=True, opt=needs(Right.MANAGE))
def start(desk: AtDesk) -> Response[str]:
    """Show the steps."""
    workspace = desk.workspace
    with desk.tx() as tx:
        return desk.page(
            "workspace_start.html",
            branded=bool(workspace.logo) or workspace.accent != OURS,
            heard=records.head(tx) > 0,
            imported=bool(records.list_events(tx, kind=_ORDER, before=None, limit=1)),
            asked=bool(titles(tx)),
            together=len(list_members(tx, workspace.name)) > 1,
        )


ROUTES = [start]
