"""What runs on schedule. Of many workers one holds each round: the database keeps when it began."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event

import structlog

from regulars.hear.aside import sweep_rejected
from regulars.measure.watching import look_at_figures
from regulars.remember.duplicates import seek
from regulars.speak.broadcasts import go_due
from regulars.speak.judging import judge_all
from regulars.store import round_records as records
from regulars.store.database import Database
from regulars.store.dedupe import rotate_dedupe
from regulars.store.waking import Waker
from regulars.understand import cohorts, funnels
from regulars.understand.buyers import make_anew as rank_buyers
from regulars.understand.buyers import walk_on as rank_on
from regulars.understand.grouping import work_on
from regulars.understand.reckoning import reckon_on
from regulars.understand.staging import walk_on
from regulars.understand.together import make_anew
from regulars.understand.turning import turn
from regulars.words.errors import Unavailable

log = structlog.get_logger()

_TICK = 15.0
_OF_HOUSE = timedelta(minutes=10)


@dataclass(frozen=True)
class Round:
    """Something done for each workspace every so often."""

    name: str
    every: timedelta
    hold: Callable[[Database, str, datetime], None]


def _ask_windows(database: Database, workspace: str, now: datetime) -> None:
    more = True
    while more:
        with database.workspace(workspace) as tx:
            more = turn(tx, now).more


def _judge(database: Database, workspace: str, now: datetime) -> None:
    judge_all(database, workspace, now)


def _go(database: Database, workspace: str, now: datetime) -> None:
    with database.workspace(workspace) as tx:
        go_due(tx, now)


def _reckon(database: Database, workspace: str, now: datetime) -> None:
    reckon_on(database, workspace, now, {cohorts.KIND: cohorts.reckon, funnels.KIND: funnels.reckon})


ROUNDS = (
    Round("windows", timedelta(minutes=1), _ask_windows),
    Round("touches", timedelta(seconds=10), _judge),
    Round("broadcasts", timedelta(seconds=10), _go),
    Round("dedupe", timedelta(hours=6), rotate_dedupe),
    Round("rejected", timedelta(hours=6), sweep_rejected),
    Round("duplicates", timedelta(hours=1), seek),
    Round("figures", timedelta(minutes=5), look_at_figures),
    Round("together", timedelta(minutes=10), make_anew),
    Round("buyers", timedelta(minutes=10), rank_buyers),
    Round("ranking", timedelta(minutes=1), rank_on),
    Round("stages", timedelta(minutes=1), walk_on),
    Round("reckoning", timedelta(seconds=10), _reckon),
    Round("groups", timedelta(minutes=1), work_on),
)
"""`windows`: time moves members of segments that look back some days, when a day begins; else there is nothing to do.
`touches`: who opened messages and followed links, people and machines apart.
`broadcasts`: planned campaigns go when their time comes.
`dedupe`: the index forgets old message ids.
`rejected`: events that were sent and not taken are kept some days.
`duplicates`: who may be one with whom, for the team to look at.
`figures`: what fell or rose suddenly against its usual week.
`together`: what is bought together, where the orders have changed.
`buyers`: who buys how lately, how often and for how much, where the orders have changed.
`ranking`: goes on with that, where there are more customers than can be ranked at once.
`stages`: at which purchase stage those are who did something since, and those whom a day that began has moved.
`reckoning`: cohorts and funnels of a large log, where somebody waits for them.
`groups`: which groups customers fall into by what they do and answer, once a day or when somebody asks for it."""


def hold_rounds(
    database: Database,
    waker: Waker,
    workspaces: Callable[[], Sequence[str]],
    clock: Callable[[], datetime],
    stop: Event,
    more: Sequence[Round] = (),
    of_house: Sequence[Callable[[datetime], None]] = (),
) -> None:
    """Hold each round when it is due, until told to stop; `more` are those that need what only a process has.

    What is done for the house and for no workspace (`of_house`) is done by every process that works, every so often.
    """
    swept: datetime | None = None
    while not stop.wait(_TICK):
        try:
            for workspace in workspaces():
                if hold_due(database, workspace, clock(), more):
                    waker.poke(workspace)
            if swept is None or clock() - swept >= _OF_HOUSE:
                swept = clock()
                for one in of_house:
                    one(swept)
        except Unavailable:
            log.info("rounds wait for the database")


def hold_due(database: Database, workspace: str, now: datetime, more: Sequence[Round] = ()) -> list[str]:
    """Hold the rounds of a workspace that are due now; return their names."""
    held: list[str] = []
    for one in (*ROUNDS, *more):
        with database.workspace(workspace) as tx:
            failed_last = records.begin(tx, one.name, one.every, now)
        if failed_last is not None:
            _hold(database, workspace, one, now, failed_last=failed_last)
            held.append(one.name)
    return held


def _hold(database: Database, workspace: str, one: Round, now: datetime, *, failed_last: bool) -> None:
    """Hold a round. Where it fails, the others go on, and it is kept for whoever looks after the house."""
    try:
        one.hold(database, workspace, now)
    except Unavailable:
        raise
    except Exception as error:
        log.exception("round failed", round=one.name, workspace=workspace, exc_info=error)
        with database.workspace(workspace) as tx:
            records.fail(tx, one.name, type(error).__name__, now)
    else:
        if failed_last:
            with database.workspace(workspace) as tx:
                records.mend(tx, one.name)
