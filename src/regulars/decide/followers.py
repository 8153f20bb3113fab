"""What `decide` learns from the log: addresses that mail comes back from, or that call it spam, are left alone."""

from collections.abc import Iterator, Sequence

from regulars.decide import suppression_records as records
from regulars.decide.suppression_records import COMPLAINED, SOFT, Suppressed
from regulars.decide.suppressions import DAYS, WITHIN
from regulars.store.database import Tx
from regulars.store.follow import Batch, Follower
from regulars.store.records import Event
from regulars.words.kinds import MESSAGE_BOUNCED, MESSAGE_COMPLAINED


def suppress(batch: Batch) -> None:
    """Put addresses on the list that are dead for good, that were so on several days, or that called it spam."""
    records.suppress(batch.tx, [*_at_once(batch.events), *_by_and_by(batch.tx, batch.events)])


def _at_once(events: Sequence[Event]) -> Iterator[Suppressed]:
    for event in events:
        if event.kind == MESSAGE_COMPLAINED:
            yield Suppressed(event.identity_id, "it called a message spam", event.at, event.seq, COMPLAINED)
        elif event.props.get("permanent"):
            yield Suppressed(event.identity_id, f"it bounced ({event.props.get('reason', '')})", event.at, event.seq)


def _by_and_by(tx: Tx, events: Sequence[Event]) -> list[Suppressed]:
    """Return whose mail came back for a while, and on so many days by now that it is not tried any more."""
    soft = [event for event in events if event.kind == MESSAGE_BOUNCED and event.props.get("soft")]
    if not soft:
        return []
    came = [(event.identity_id, event.at) for event in soft]
    records.note_soft(tx, came)
    days = records.soft_days(tx, came, WITHIN)
    return [
        Suppressed(
            event.identity_id,
            f"it bounced on {days[event.identity_id]} days ({event.props.get('reason', '')})",
            event.at,
            event.seq,
            SOFT,
        )
        for event in soft
        if days.get(event.identity_id, 0) >= DAYS
    ]


SUPPRESSION = Follower(
    name="suppression",
    role="deriving",
    handle=suppress,
    kinds=frozenset({MESSAGE_BOUNCED, MESSAGE_COMPLAINED}),
    reset=records.forget_bounces,
)

FOLLOWERS: tuple[Follower, ...] = (SUPPRESSION,)
