"""`/confirm/<workspace>.<secret>`: the owner of a mailbox says that the address is theirs. GET shows, POST confirms."""

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from regulars.engage import confirmations
from regulars.web.pages.visit import Visit


def _opened(visit: Visit, token: str) -> tuple[Visit, str, str]:
    name, _, secret = token.partition(".")
    return visit.entered(name), name, secret


@get("/confirm/{token:str}", sync_to_thread=True)
def ask(visit: NamedDependency[Visit], token: FromPath[str]) -> Response[str]:
    """Show what the button confirms: programs that look into mail follow links, so a link alone confirms nothing."""
    visit, workspace, secret = _opened(visit, token)
    with visit.house.database.workspace(workspace) as tx:
        note = confirmations.look(tx, secret, visit.now)
    return visit.page("confirm.html", note=note, token=token)


@post("/confirm/{token:str}", sync_to_thread=True)
def confirm(visit: NamedDependency[Visit], token: FromPath[str]) -> Response[Any]:
    """Confirm, once; the second time shows the same page."""
    visit, workspace, secret = _opened(visit, token)
    with visit.house.database.workspace(workspace) as tx:
        confirmations.confirm(tx, secret, visit.now)
    visit.house.waker.poke(workspace)
    return visit.go(f"/confirm/{token}")


ROUTES = [ask, confirm]
