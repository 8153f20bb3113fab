"""Campaigns in their course: pausing, letting go on, and cancelling for ever."""

from collections.abc import Callable

from litestar import post
from litestar.params import FromPath
from litestar.response import Redirect

from regulars.access.rights import Right
from regulars.speak import broadcasts, campaigns
from regulars.speak.campaigns import Campaign
from regulars.store.database import Tx
from regulars.web.console.desk import AtDesk, Desk, needs
from regulars.web.noting import notes


@post(
    "/campaigns/{name:str}/pause",
    sync_to_thread=True,
    opt=needs(Right.SEND) | notes("campaign.paused", "campaign", by="name"),
)
def pause(desk: AtDesk, name: FromPath[str]) -> Redirect:
    """Hold what waits."""
    return _put(desk, name, broadcasts.pause)


@post(
    "/campaigns/{name:str}/resume",
    sync_to_thread=True,
    opt=needs(Right.SEND) | notes("campaign.resumed", "campaign", by="name"),
)
def resume(desk: AtDesk, name: FromPath[str]) -> Redirect:
    """Let it go on."""
    return _put(desk, name, broadcasts.resume)


@post(
    "/campaigns/{name:str}/cancel",
    sync_to_thread=True,
    opt=needs(Right.SEND) | notes("campaign.cancelled", "campaign", by="name"),
)
def cancel(desk: AtDesk, name: FromPath[str]) -> Redirect:
    """Never send anything more of it."""
    return _put(desk, name, broadcasts.cancel)


def _put(desk: Desk, name: str, into: Callable[[Tx, str], Campaign]) -> Redirect:
    with desk.noted() as tx:
        before = campaigns.get(tx, name).state
        desk.slip.tell(before={"state": before}, after={"state": into(tx, name).state})
    desk.house.waker.poke(desk.workspace.name)
    return desk.go(f"/campaigns/{name}")


ROUTES = [pause, resume, cancel]
