"""Health: how far each follower is behind, what it could not take, and what was refused."""

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from regulars.loop import followers
from regulars.loop.followers import follower_named
from regulars.store import follow, records
from regulars.web.console.desk import AtDesk, Desk
from regulars.words.errors import Unknown


@get("/health", sync_to_thread=True)
def health(desk: AtDesk) -> Response[str]:
    """Show how the followers do."""
    with desk.tx() as tx:
        return desk.page(
            "health.html",
            followers=follow.lags(tx),
            quarantine=records.list_quarantine(tx),
            refused=records.list_refusals(tx),
        )


@post("/health/{follower:str}/pause", sync_to_thread=True)
def pause(desk: AtDesk, follower: FromPath[str]) -> Redirect:
    """Let a follower stand still."""
    _pause(desk, follower, paused=True, note=f"Paused by {desk.person.name or desk.person.email}.")
    return desk.go("/health")


@post("/health/{follower:str}/resume", sync_to_thread=True)
def resume(desk: AtDesk, follower: FromPath[str]) -> Redirect:
    """Let a follower go on."""
    _pause(desk, follower, paused=False, note="")
    desk.house.waker.poke(desk.workspace.name)
    return desk.go("/health")


@post("/health/{follower:str}/replay", sync_to_thread=True)
def replay(desk: AtDesk, follower: FromPath[str]) -> Redirect:
    """Let a deriving follower forget and start over."""
    with desk.tx() as tx:
        followers.replay(tx, follower)
    desk.house.waker.poke(desk.workspace.name)
    return desk.go("/health")


@post("/health/{follower:str}/again/{seq:int}", sync_to_thread=True)
def again(desk: AtDesk, follower: FromPath[str], seq: FromPath[int]) -> Redirect:
    """Take a quarantined event once more."""
    with desk.tx() as tx:
        follow.run_again(tx, follower_named(follower), seq, desk.now)
    desk.house.waker.poke(desk.workspace.name)
    return desk.go("/health")


def _pause(desk: Desk, name: str, *, paused: bool, note: str) -> None:
    with desk.tx() as tx:
        if not records.pause_follower(tx, name, paused=paused, note=note):
            raise Unknown("There is no follower '{name}'.", name=name)


ROUTES = [health, pause, resume, replay, again]
