"""Health: what is wrong in words, how the figures, the followers and the installation stand."""

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from regulars.access.rights import Right
from regulars.loop import followers
from regulars.measure import figures, standing
from regulars.measure.called import disk_called, follower_called, kind_called
from regulars.measure.saying import say as in_words
from regulars.measure.watching import everything_wrong
from regulars.store import records
from regulars.store.pulse import position
from regulars.web.console.desk import AtDesk, needs
from regulars.web.console.figures import SHOWN, charts
from regulars.web.i18n import translator
from regulars.web.noting import notes
from regulars.web.voices import voice_of
from regulars.web.wording import follower_does


@get("/health", sync_to_thread=True)
def health(desk: AtDesk) -> Response[str]:
    """Show what is wrong, and how everything stands."""
    gettext, voice = translator(desk.locale).gettext, voice_of(desk.locale, desk.workspace.zone)
    house = desk.house
    found, stands = everything_wrong(house.database, desk.workspace.name, house.settings, desk.now)
    with desk.tx() as tx:
        since = position(tx)
        odd = [one.kind for one in figures.unusual(tx)]
        drawn = [*odd, *(kind for kind in figures.busiest(tx, desk.now, SHOWN) if kind not in odd)][:SHOWN]
        return desk.page(
            "health.html",
            since=since,
            findings=[(one, in_words(one, voice, desk.now)) for one in found],
            urgent=sum(one.severity == "act" for one in found),
            charts=charts(tx, desk, drawn),
            unwatched=[(kind, kind_called(kind, gettext)) for kind in figures.unwatched(tx)],
            followers=[
                (one, follower_called(one.name, gettext), follower_does(one.name, gettext), standing.remaining(one))
                for one in standing.states(tx)
            ],
            aside=records.count_quarantine(tx, follower=None),
            refused=records.list_refusals(tx)[:SHOWN],
            house=stands,
            volumes=[(one, disk_called(one.place, gettext)) for one in stands.volumes],
            voice=voice,
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


ROUTES = [health, pause, resume, replay]
