"""What reacts to the log: the list, pausing, resuming and replaying, and what could not be taken."""

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath, FromQuery

from regulars.loop import followers
from regulars.remember.folding import fold, patterns
from regulars.store import records
from regulars.store.database import Tx
from regulars.store.follow import Lag, lags
from regulars.store.records import Quarantined, Refusal
from regulars.web import cursors
from regulars.web.api.entry import AnyRequest, Cursor, Limit, Listing, opened, part, part_of
from regulars.web.api.once import Nothing, once
from regulars.web.api.telling import told
from regulars.web.noting import notes
from regulars.words.clock import utc_now


class Pause(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why a follower is to stand still, for whoever looks next."""

    note: str = "Paused by a program, with a key."


class Taken(msgspec.Struct, frozen=True):
    """An event that was in quarantine, and is no more."""

    follower: str
    seq: int


@get("/followers", sync_to_thread=True)
def list_followers(request: AnyRequest, limit: Limit = 50, cursor: Cursor = "") -> Listing[Lag]:
    """List the followers of the log, each with how far it is behind."""
    with opened(request) as tx:
        return part_of(lags(tx), limit, cursor, lambda one: one.name)


@get("/quarantine", sync_to_thread=True, opt=told(query={"q": "ValueError"}))
def list_quarantine(
    request: AnyRequest, q: FromQuery[str] = "", limit: Limit = 50, cursor: Cursor = ""
) -> Listing[Quarantined]:
    """List the events that a follower could not take: all, or by words (`q`) of the error, or number."""
    place, words = cursors.read(cursor, tuple[str, int]), patterns(fold(q))
    with opened(request) as tx:
        found = records.quarantine_page(tx, follower=None, patterns=words, limit=limit + 1, after=place)
        total = records.count_quarantine(tx, follower=None, patterns=words)
        return part(found, total, limit, lambda one: (one.follower, one.seq))


@get("/refusals", sync_to_thread=True)
def list_refusals(request: AnyRequest, limit: Limit = 50, cursor: Cursor = "") -> Listing[Refusal]:
    """List the newest events of our own making that the log refused, with the reason."""
    with opened(request) as tx:
        found = records.list_refusals(tx)
        return part_of(found, limit, cursor, lambda one: f"{one.at.isoformat()} {one.identity_id} {one.kind}")


@post(
    "/followers/{name:str}/pause",
    sync_to_thread=True,
    opt=told(name="segments", takes=Pause, gives=Lag, body={"note": "Moving house."})
    | notes("follower.paused", "follower", by="name"),
)
def pause(request: AnyRequest, name: FromPath[str]) -> Response[bytes]:
    """Let a follower stand still; those that may not overtake it wait too."""

    def halt(tx: Tx, said: Pause) -> Lag:
        followers.pause(tx, name, said.note[:200])
        return _lag(tx, name)

    return once(request, Pause, halt)


@post(
    "/followers/{name:str}/resume",
    sync_to_thread=True,
    opt=told(name="segments", takes=Nothing, gives=Lag) | notes("follower.resumed", "follower", by="name"),
)
def resume(request: AnyRequest, name: FromPath[str]) -> Response[bytes]:
    """Let a follower go on from where it stands."""

    def proceed(tx: Tx, _: Nothing) -> Lag:
        followers.resume(tx, name)
        return _lag(tx, name)

    return once(request, Nothing, proceed)


@post(
    "/followers/{name:str}/replay",
    sync_to_thread=True,
    opt=told(name="rollups", takes=Nothing, gives=Lag) | notes("follower.replayed", "follower", by="name"),
)
def replay(request: AnyRequest, name: FromPath[str]) -> Response[bytes]:
    """Let a deriving follower forget what it derived and start over, with all that derive from it."""

    def start_over(tx: Tx, _: Nothing) -> Lag:
        followers.replay(tx, name)
        return _lag(tx, name)

    return once(request, Nothing, start_over)


@post(
    "/quarantine/{name:str}/{seq:int}/again",
    sync_to_thread=True,
    opt=told(name="facts", seq="1", takes=Nothing, gives=Taken) | notes("event.taken.again", "follower", by="name"),
)
def run_again(request: AnyRequest, name: FromPath[str], seq: FromPath[int]) -> Response[bytes]:
    """Take a quarantined event once more; where it fails again, it stays and nothing changes."""

    def again(tx: Tx, _: Nothing) -> Taken:
        followers.again(tx, name, seq, utc_now())
        return Taken(name, seq)

    return once(request, Nothing, again)


@post(
    "/quarantine/{name:str}/{seq:int}/aside",
    sync_to_thread=True,
    opt=told(name="facts", seq="1", takes=Nothing, gives=Taken) | notes("event.set.aside", "follower", by="name"),
)
def set_aside(request: AnyRequest, name: FromPath[str], seq: FromPath[int]) -> Response[bytes]:
    """Give up a quarantined event: its follower goes on without it."""

    def aside(tx: Tx, _: Nothing) -> Taken:
        followers.set_aside(tx, [(name, seq)])
        return Taken(name, seq)

    return once(request, Nothing, aside)


def _lag(tx: Tx, name: str) -> Lag:
    return next(one for one in lags(tx) if one.name == name)


HANDLERS = [list_followers, list_quarantine, list_refusals, pause, resume, replay, run_again, set_aside]
