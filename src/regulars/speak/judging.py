"""Who touched a message: a person, or a machine that looks at mail before them. The log is told of both apart.

A touch waits some seconds for its neighbours: who follows several links of a message within moments of its sending is a
scanner, whatever it calls itself.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import groupby

import msgspec

from regulars.decide.tracking import counted, standing
from regulars.speak import touch_records as records
from regulars.speak.touch_records import Touched
from regulars.store.database import Database, Tx
from regulars.store.log import NewEvent, append
from regulars.words.kinds import MESSAGE_CLICKED, MESSAGE_OPENED, MESSAGE_SCANNED

HELD = timedelta(seconds=10)
"""How long a touch waits for its neighbours."""
EARLY = timedelta(minutes=5)
"""How soon after it was sent a message is looked at by scanners; grey-listed mail is a few minutes on its way."""
BURST = timedelta(seconds=5)
"""Within which several links are followed by nobody who reads."""
_AT_ONCE = 1_000


def judge_all(database: Database, workspace: str, now: datetime) -> int:
    """Tell the log of what was touched and has waited; return how many touches that were."""
    judged = 0
    more = True
    while more:
        with database.workspace(workspace) as tx:
            touches = records.take_touches(tx, now - HELD, _AT_ONCE)
            append(tx, _events(tx, touches))
        judged += len(touches)
        more = len(touches) >= _AT_ONCE
    return judged


def _events(tx: Tx, touches: Sequence[Touched]) -> list[NewEvent]:
    """Return an event for each touch of whom it may be counted, now."""
    way = standing(tx)
    known = [one for one in touches if one.tracked and one.identity_id is not None and one.customer_id is not None]
    allowed = counted(tx, {one.customer_id for one in known if one.customer_id is not None}, way)
    found = [one for one in known if one.customer_id in allowed]
    by_message = groupby(sorted(found, key=lambda one: one.message_id), lambda one: one.message_id)
    told = [event for _, some in by_message for event in _told(list(some))]
    return sorted(told, key=lambda event: event.at)


def _told(touches: Sequence[Touched]) -> Iterable[NewEvent]:
    """Yield the events of one message."""
    bursts = _bursts(touches)
    for one in touches:
        sign = one.sign or ("burst" if any(abs(one.at - moment) <= BURST for moment in bursts) else "")
        kind = MESSAGE_CLICKED if one.link else MESSAGE_OPENED
        props: dict[str, object] = {
            "message": one.message_id,
            "campaign": one.campaign,
            "template": one.template,
            "version": one.version,
            "channel": one.channel,
        }
        if one.link:
            props |= {"link": one.link} | ({"position": one.position} if one.position else {})
        if sign:
            props |= {"touched": kind.rpartition(".")[2], "sign": sign}
        yield NewEvent(one.identity_id or 0, one.at, MESSAGE_SCANNED if sign else kind, msgspec.json.encode(props))


def _bursts(touches: Sequence[Touched]) -> list[datetime]:
    """Return when links were followed that stood within moments of another one, shortly after the message was sent."""
    clicks = [one for one in touches if one.link and (one.sent_at is None or one.at - one.sent_at <= EARLY)]
    return [
        one.at
        for one in clicks
        if any(
            (other.link, other.position) != (one.link, one.position) and abs(other.at - one.at) <= BURST
            for other in clicks
        )
    ]
