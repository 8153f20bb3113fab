"""Deleting a workspace: asked once by typing its name. It closes at once, and is gone after seven days."""

from litestar import Response, get, post
from litestar.response import Redirect

from regulars.access.rights import Right
from regulars.access.workspaces import KEPT, close_workspace
from regulars.web.console.desk import AtDesk, Desk, needs
from regulars.web.i18n import say
from regulars.web.noting import notes
from regulars.words.errors import Invalid


@get("/workspace/delete", sync_to_thread=True, opt=needs(Right.MANAGE))
def ask(desk: AtDesk) -> Response[str]:
    """Say what goes, and ask."""
    return _page(desk, {})


@post("/workspace/delete", sync_to_thread=True, opt=needs(Right.MANAGE) | notes("workspace.deleted", "workspace"))
def close(desk: AtDesk) -> Response[str] | Redirect:
    """Close the workspace. Its owner can take it back for seven days."""
    name = desk.workspace.name
    if desk.form.get("name", "").strip() != name:
        return _page(desk, {"name": say(Invalid("This is not its name. Type: {name}", name=name), desk.locale)})
    with desk.noted(name=name, label=desk.workspace.title) as tx:
        close_workspace(tx, name, desk.person.email, desk.now)
    return Redirect("/console/workspaces", status_code=303)


def _page(desk: Desk, errors: dict[str, str]) -> Response[str]:
    status = 400 if errors else 200
    return desk.page("workspace_delete.html", status=status, form=desk.form, errors=errors, days=KEPT.days)


ROUTES = [ask, close]
