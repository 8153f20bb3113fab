"""Questions about everybody, whose answers are kept: of a large log a round reckons them, while pages show the last.

A small log is asked at once, so what is shown of it is as it is now. A large one takes seconds: what was reckoned last
is shown with its moment, and where the log has grown since, a round (`reckon_on`) reckons it anew, within the hour.
Nothing of anybody is in an answer: only how many there are.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from hashlib import blake2b
from time import monotonic
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from regulars.access.brands import standing
from regulars.store.database import Database, Tx
from regulars.understand import reckoning_records as records
from regulars.understand.reckoning_records import Reckoned, Stand
from regulars.words.errors import Invalid, RegularsError

SMALL = 50_000
"""Up to so many events in a log it is asked at once."""
PATIENCE = 20
"""Seconds that are spent on a question while somebody looks on, as a composer does."""
_LONGEST = 300
"""Seconds that a round spends on one."""
_AT_ONCE = 5
_MOST = 500
"""Questions that are kept in a workspace."""
_USUALLY = timedelta(hours=1)
_GROWN = 1.1
_BROKEN_OFF = timedelta(minutes=15)
_SECONDS = 30.0
_LOOKED = timedelta(hours=6)
_RESTS_ON = ("identity", "orders", "rollups", "segments")

Reckon = Callable[[Tx, Any, datetime], Any]
"""Return what a question, as JSON, comes to, as JSON can have it."""


class Found(msgspec.Struct, frozen=True):
    """What a question came to, and when that was; nothing yet where it is reckoned for the first time.

    `waits`: it is being reckoned, since `since`. `too_long`: the last try was given up.
    """

    answer: Any
    made_at: datetime | None
    waits: bool = False
    since: datetime | None = None
    too_long: bool = False


def look(
    tx: Tx, kind: str, question: Any, reckon: Reckon, now: datetime, *, segment: str = "", patience: int = 0
) -> Found:
    """Return what a question comes to, as it was reckoned last; at once where the log is small, or with `patience`.

    Raise Invalid where that takes longer than so many seconds.
    """
    asked = msgspec.to_builtins(question)
    key = blake2b(msgspec.json.encode((kind, asked)), digest_size=16).hexdigest()
    kept, stand = records.reckoned(tx, key), _stand(tx, segment, now)
    if kept and not kept.too_long and (kept.about, kept.moved) == (stand.about, stand.moved):
        if now - kept.looked_at > _LOOKED:
            records.look_at(tx, key, now)
        return _found(kept)
    if patience or stand.head <= SMALL:
        with tx.within(patience or _AT_ONCE):
            answer = msgspec.to_builtins(reckon(tx, asked, now))
        records.keep(tx, key, kind, asked, answer, stand, now)
        records.forget(tx, _MOST)
        return Found(answer, now)
    if kept is None or _due(kept, stand, now):
        records.want(tx, key, kind, asked, now)
        records.forget(tx, _MOST)
        kept = records.reckoned(tx, key)
    return _found(kept) if kept else Found(None, None, waits=True, since=now)


def _found(kept: Reckoned) -> Found:
    return Found(kept.answer, kept.made_at, kept.wanted_at is not None, kept.wanted_at, kept.too_long)


def _due(kept: Reckoned, stand: Stand, now: datetime) -> bool:
    """Return whether a question is to be reckoned anew: at once where it is another, else when the log has grown."""
    since = kept.made_at or kept.looked_at
    if kept.too_long:
        return now - kept.looked_at >= _USUALLY
    return kept.about != stand.about or now - since >= _USUALLY or stand.head > kept.head * _GROWN


def _stand(tx: Tx, segment: str, now: datetime) -> Stand:
    zone = zone_of(tx)
    return records.stand(tx, _RESTS_ON, f"{now.astimezone(zone).date()} {zone}", segment)


def zone_of(tx: Tx) -> ZoneInfo:
    """Return the clock of the workspace of a transaction."""
    return ZoneInfo(standing(tx, tx.workspace or "").zone)


def reckon_on(database: Database, workspace: str, now: datetime, reckoners: Mapping[str, Reckon]) -> None:
    """Reckon what somebody waits for, one question after the other: a round.

    It reads in a transaction of its own that holds nothing up; after half a minute the rest is for the next round.
    """
    until = monotonic() + _SECONDS
    while monotonic() < until:
        with database.workspace(workspace) as tx:
            one = records.claim(tx, now, now - _BROKEN_OFF)
        if one is None:
            return
        segment = one.question.get("segment", "")
        with database.snapshot(workspace) as tx:
            stand, answer, problem = _stand(tx, segment, now), None, None
            try:
                with tx.within(_LONGEST):
                    answer = msgspec.to_builtins(reckoners[one.kind](tx, one.question, now))
            except RegularsError as error:
                problem = error
        with database.workspace(workspace) as tx:
            if problem is None:
                records.keep(tx, one.key, one.kind, one.question, answer, stand, now)
            elif isinstance(problem, Invalid):
                records.keep_too_long(tx, one.key, stand)
            else:
                records.drop(tx, one.key)
