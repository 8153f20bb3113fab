"""`/confirm/<workspace>.<secret>`: the owner of a mailbox says that the address is theirs. GET shows, POST confirms."""

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from regulars.access.workspaces import Workspace, get_workspace
from regulars.engage import confirmations
from regulars.web.pages.visit import Visit
from regulars.words.errors import LinkDead, RegularsError


def _opened(visit: Visit, token: str) -> tuple[Workspace, str]:
    name, _, secret = token.partition(".")
    try:
        return get_workspace(visit.house.database, name), secret
    except RegularsError as error:
        raise LinkDead("This link is not whole. Open it again from the message it came in.") from error


@get("/confirm/{token:str}", sync_to_thread=True)
def ask(visit: NamedDependency[Visit], token: FromPath[str]) -> Response[str]:
    """Show what the button confirms: programs that look into mail follow links, so a link alone confirms nothing."""
    workspace, secret = _opened(visit, token)
    with visit.house.database.workspace(workspace.name) as tx:
        note = confirmations.look(tx, secret, visit.now)
    return visit.page("confirm.html", brand=workspace.title, note=note, token=token)


@post("/confirm/{token:str}", sync_to_thread=True)
def confirm(visit: NamedDependency[Visit], token: FromPath[str]) -> Response[Any]:
    """Confirm, once; the second time shows the same page."""
    workspace, secret = _opened(visit, token)
    with visit.house.database.workspace(workspace.name) as tx:
        confirmations.confirm(tx, secret, visit.now)
    visit.house.waker.poke(workspace.name)
    return visit.go(f"/confirm/{token}")


ROUTES = [ask, confirm]
