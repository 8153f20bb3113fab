"""After a restore: what was decided before the backup may have been sent after it, so it is not sent now."""

from datetime import datetime

from regulars.speak import broadcasts, messages, restored_records
from regulars.speak.outbox import queue
from regulars.store.database import Database
from regulars.store.log import append
from regulars.words.kinds import MESSAGE_REFUSED, MESSAGE_UNCERTAIN
from regulars.words.reasons import RESTORED, RESTORED_MEANWHILE, coded

_AT_ONCE = 1000


def withdraw(database: Database, workspace: str, taken_at: datetime, now: datetime) -> tuple[int, int]:
    """Refuse all that was due or waiting, and doubt what was just being sent; return how many of each.

    A planned campaign whose time has come meanwhile is stopped. What was decided for a time that is still to come could
    not have been sent, and stays decided.
    """
    queued = 1
    while queued:
        with database.workspace(workspace) as tx:
            queued = queue(tx, now)
    with database.workspace(workspace) as tx:
        broadcasts.stop_past(tx, now)
    moment = f"{taken_at:%Y-%m-%d %H:%M}"
    reason = coded(RESTORED_MEANWHILE, moment=moment)
    with database.workspace(workspace) as tx:
        doubted = restored_records.doubt_all(tx, reason)
        append(tx, messages.events_of(tx, doubted, MESSAGE_UNCERTAIN, reason, now))
    reason, refused, some = coded(RESTORED, moment=moment), 0, [0]
    while some:
        with database.workspace(workspace) as tx:
            some = restored_records.withdraw(tx, reason, _AT_ONCE)
            append(tx, messages.events_of(tx, some, MESSAGE_REFUSED, reason, now))
        refused += len(some)
    return refused, len(doubted)
