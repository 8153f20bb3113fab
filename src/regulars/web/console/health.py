"""Health: how far each follower is behind, what it could not take, and what was refused."""

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from regulars.access.rights import Right
from regulars.loop import followers
from regulars.store import follow, records
from regulars.store.pulse import position
from regulars.web.console.desk import AtDesk, Desk, needs
from regulars.web.i18n import say, translator
from regulars.web.noting import notes
from regulars.web.wording import follower_does
from regulars.words.errors import Conflict


@get("/health", sync_to_thread=True)
def health(desk: AtDesk) -> Response[str]:
    """Show how the followers do."""
    return _page(desk)


def _page(desk: Desk, problem: str = "") -> Response[str]:
    gettext = translator(desk.locale).gettext
    with desk.tx() as tx:
        since = position(tx)
        return desk.page(
            "health.html",
            since=since,
            status=409 if problem else 200,
            problem=problem,
            followers=[(one, follower_does(one.name, gettext)) for one in follow.lags(tx)],
            quarantine=records.list_quarantine(tx),
            refused=records.list_refusals(tx),
        )


@post(
    "/health/{follower:str}/pause",
    sync_to_thread=True,
    opt=needs(Right.MANAGE) | notes("follower.paused", "follower", by="follower"),
)
def pause(desk: AtDesk, follower: FromPath[str]) -> Redirect:
    """Let a follower stand still."""
    with desk.noted() as tx:
        followers.pause(tx, follower, f"Paused by {desk.person.name or desk.person.email}.")
    return desk.go("/health")


@post(
    "/health/{follower:str}/resume",
    sync_to_thread=True,
    opt=needs(Right.MANAGE) | notes("follower.resumed", "follower", by="follower"),
)
def resume(desk: AtDesk, follower: FromPath[str]) -> Redirect:
    """Let a follower go on."""
    with desk.noted() as tx:
        followers.resume(tx, follower)
    desk.house.waker.poke(desk.workspace.name)
    return desk.go("/health")


@post(
    "/health/{follower:str}/replay",
    sync_to_thread=True,
    opt=needs(Right.MANAGE) | notes("follower.replayed", "follower", by="follower"),
)
def replay(desk: AtDesk, follower: FromPath[str]) -> Redirect:
    """Let a deriving follower forget and start over."""
    with desk.noted() as tx:
        followers.replay(tx, follower)
    desk.house.waker.poke(desk.workspace.name)
    return desk.go("/health")


@post(
    "/health/{follower:str}/again/{seq:int}",
    sync_to_thread=True,
    opt=needs(Right.MANAGE) | notes("event.taken.again", "follower", by="follower"),
)
def again(desk: AtDesk, follower: FromPath[str], seq: FromPath[int]) -> Response[str] | Redirect:
    """Take a quarantined event once more; where it fails again, it stays and the page says so."""
    try:
        with desk.noted(after={"event": seq}) as tx:
            followers.again(tx, follower, seq, desk.now)
    except Conflict as error:
        return _page(desk, say(error, desk.locale))
    desk.house.waker.poke(desk.workspace.name)
    return desk.go("/health")


ROUTES = [health, pause, resume, replay, again]
