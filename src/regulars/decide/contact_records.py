"""The contact policy of a workspace, as it is kept."""

from datetime import timedelta

import msgspec

from regulars.store.database import Jsonb, Tx
from regulars.store.statements import load

SQL = load(__package__ or "regulars.decide", "contact.sql")


class ContactPolicy(msgspec.Struct, frozen=True):
    """What a workspace wants; as it is made, nothing is held back."""

    per_day: int | None = None
    """The most messages to one customer in 24 hours, over all channels and addresses; None: as many as there are."""
    per_week: int | None = None
    """The same in seven days."""
    quiet_from: str | None = None
    """From this time of day on, by the customer's own clock, nothing is sent ('21:00'); None: it is never quiet."""
    quiet_until: str | None = None
    """Until this time of day."""
    by_law: bool = False
    """Mail keeps to the hours, too, that a country's law sets for calls and texts."""
    held_out: int = 0
    """The share of customers, in percent, to whom nothing is advertised at all, to compare."""
    complaint_opened: str = "Complaint Opened"
    """The event by which somebody complains: nothing is advertised to them then; '': complaints hold nothing back."""
    complaint_resolved: str = "Complaint Resolved"
    """The event after which they are written to again."""

    @property
    def caps(self) -> tuple[tuple[int, timedelta], ...]:
        """How many messages fit into which span of time."""
        spans = ((self.per_day, timedelta(days=1)), (self.per_week, timedelta(days=7)))
        return tuple((most, span) for most, span in spans if most is not None)


def get_policy(tx: Tx) -> ContactPolicy | None:
    """Return what is kept; None where nobody chose anything."""
    kept = tx.value(SQL["get_policy"])
    return None if kept is None else msgspec.convert(kept, ContactPolicy)


def keep_policy(tx: Tx, policy: ContactPolicy) -> None:
    """Keep what is wanted."""
    tx.run(SQL["keep_policy"], policy=Jsonb(msgspec.to_builtins(policy)))
