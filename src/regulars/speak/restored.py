"""After a restore: what was decided before the backup may have been sent after it, so it is not sent now."""

from datetime import datetime

from regulars.speak import messages, restored_records
from regulars.speak.outbox import queue
from regulars.store.database import Database
from regulars.store.log import append
from regulars.words.kinds import MESSAGE_REFUSED, MESSAGE_UNCERTAIN

_WITHDRAWN = "restored from a backup of {moment:%Y-%m-%d %H:%M} UTC: it may have been sent after that"
_DOUBTED = "It was being sent when the backup of {moment:%Y-%m-%d %H:%M} UTC was taken. It may have arrived."
_AT_ONCE = 1000


def withdraw(database: Database, workspace: str, taken_at: datetime, now: datetime) -> tuple[int, int]:
    """Refuse all that was due or waiting, and doubt what was just being sent; return how many of each.

    What was decided for a time that is still to come could not have been sent, and stays decided.
    """
    queued = 1
    while queued:
        with database.workspace(workspace) as tx:
            queued = queue(tx, now)
    reason = _DOUBTED.format(moment=taken_at)
    with database.workspace(workspace) as tx:
        doubted = restored_records.doubt_all(tx, reason)
        append(tx, messages.events_of(tx, doubted, MESSAGE_UNCERTAIN, reason, now))
    reason, refused, some = _WITHDRAWN.format(moment=taken_at), 0, [0]
    while some:
        with database.workspace(workspace) as tx:
            some = restored_records.withdraw(tx, reason, _AT_ONCE)
            append(tx, messages.events_of(tx, some, MESSAGE_REFUSED, reason, now))
        refused += len(some)
    return refused, len(doubted)
