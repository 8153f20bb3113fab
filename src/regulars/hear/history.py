"""What happened before we were there: historical events, each once, however often and late they are brought in.

The log's own dedupe reaches back a week. Events of the past carry the time at which they happened, so the ones that
are there are found by identity and time, for ever.
"""

from collections.abc import Sequence

from regulars.hear import records
from regulars.store.database import Tx
from regulars.store.log import NewEvent, append


def append_history(tx: Tx, events: Sequence[NewEvent]) -> int:
    """Append those events that the log does not have; return how many. Each must have a message id and its own time.

    It must be the last thing of its transaction.
    """
    known = records.known_events(tx, events)
    new = [event for event in events if event.mid not in known]
    append(tx, new)
    return len(new)
