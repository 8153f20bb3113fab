"""Which followers the house has. Their order follows from what each may not overtake."""

from collections.abc import Sequence
from datetime import datetime

import structlog

from regulars.decide.followers import FOLLOWERS as DECIDE
from regulars.measure.followers import FOLLOWERS as MEASURE
from regulars.remember.followers import FOLLOWERS as REMEMBER
from regulars.speak.followers import FOLLOWERS as SPEAK
from regulars.store import records
from regulars.store.database import Database, Tx, passing
from regulars.store.dispatch import in_order
from regulars.store.follow import Follower, register, rewind, run_again
from regulars.understand import turning
from regulars.understand.followers import FOLLOWERS as UNDERSTAND
from regulars.words.errors import Conflict, RegularsError, Unknown

log = structlog.get_logger()

FOLLOWERS: tuple[Follower, ...] = tuple(in_order([*REMEMBER, *UNDERSTAND, *DECIDE, *SPEAK, *MEASURE]))


def follower_named(name: str) -> Follower:
    """Return a follower by its name; raise Unknown for none."""
    for follower in FOLLOWERS:
        if follower.name == name:
            return follower
    raise _unknown(name)


def begin(tx: Tx, followers: Sequence[Follower] = FOLLOWERS) -> None:
    """Register followers in a workspace; those that are there stay where they are."""
    register(tx, followers)


def replay(tx: Tx, name: str) -> None:
    """Start a deriving follower over, with all that derive from what it derives."""
    rewind(tx, follower_named(name), FOLLOWERS)


def pause(tx: Tx, name: str, note: str) -> None:
    """Let a follower stand still, saying why; those that may not overtake it wait too."""
    if not records.pause_follower(tx, name, paused=True, note=note):
        raise _unknown(name)


def resume(tx: Tx, name: str) -> None:
    """Let a follower go on from where it stands."""
    if not records.pause_follower(tx, name, paused=False, note=""):
        raise _unknown(name)


def again(tx: Tx, name: str, seq: int, now: datetime) -> None:
    """Take a quarantined event once more; raise Conflict where it fails again: then everything stays as it was."""
    follower = follower_named(name)
    records.wait_for_follower(tx, name)
    turning.ask_again(tx)  # before anything is appended: whoever asks holds segments, and waits to append
    try:
        run_again(tx, follower, seq, now)
    except RegularsError:
        raise
    except Exception as error:
        if passing(error):
            raise
        log.warning("failed again", follower=name, seq=seq, exc_info=error)
        raise Conflict("Event {seq} failed again and stays in quarantine. Mend the cause first.", seq=seq) from error


def all_again(database: Database, workspace: str, events: Sequence[tuple[str, int]], now: datetime) -> tuple[int, int]:
    """Take quarantined events once more, each by itself; return how many were taken and how many failed again."""
    taken = 0
    gone: set[tuple[str, int]] = set()
    for name, seq in events:
        try:
            with database.workspace(workspace) as tx:
                again(tx, name, seq, now)
            taken += 1
        except Unknown:
            gone.add((name, seq))  # taken along with an earlier one of the same customer
        except Conflict:
            pass
    return taken + len(gone), len(events) - taken - len(gone)


def set_aside(tx: Tx, events: Sequence[tuple[str, int]]) -> None:
    """Give up events in quarantine for good: their followers go on without them."""
    for name in {name for name, _ in events}:
        follower_named(name)
        records.release(tx, name, [seq for other, seq in events if other == name])
    turning.ask_again(tx)


def _unknown(name: str) -> Unknown:
    names = ", ".join(follower.name for follower in FOLLOWERS)
    return Unknown("There is no follower '{name}'. There are: {names}.", name=name, names=names)
