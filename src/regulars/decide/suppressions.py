"""The suppression list: addresses that nothing is sent to, why, since when; and how one comes off it."""

from datetime import datetime

from regulars.decide import suppression_records as records
from regulars.decide.suppression_records import BOUNCED, COMPLAINED, SOFT, SuppressedAddress
from regulars.remember.folding import fold, patterns
from regulars.store.database import Tx
from regulars.words.errors import Invalid, Unknown, concerning

__all__ = ["DAYS", "WHYS", "WITHIN", "SuppressedAddress", "count", "lift", "of_customer", "part", "welcome"]

WHYS = (BOUNCED, SOFT, COMPLAINED)
DAYS = 5
"""On so many days mail must come back for a while, until nothing more is sent there."""
WITHIN = 30
"""Within so many days."""


def part(
    tx: Tx, q: str = "", why: str = "", *, place: tuple[datetime, int] | None = None, limit: int
) -> list[SuppressedAddress]:  # fmt: skip
    """Return a part of the list behind a place, the newest first; raise Invalid for a reason that there is not."""
    return records.list_suppressed(tx, why=_checked(why), patterns=patterns(fold(q)), place=place, limit=limit)


def count(tx: Tx, q: str = "", why: str = "") -> int:
    """Return how many addresses are on the list."""
    return records.count_suppressed(tx, why=_checked(why), patterns=patterns(fold(q)))


def of_customer(tx: Tx, customer: int) -> list[SuppressedAddress]:
    """Return the addresses of a customer that are on the list."""
    return records.of_customer(tx, customer)


def lift(tx: Tx, identity: int, now: datetime) -> SuppressedAddress:
    """Take an address off the list, and return what stood there; raise Unknown where it is not on it.

    What came back until now counts no more; what comes back from now on puts it there again.
    """
    found = records.hold_suppressed(tx, identity)
    if found is None:
        raise Unknown("This address is not on the list (any more): mail may go there.")
    records.lift(tx, identity, now)
    return found


def welcome(tx: Tx, identity: int, now: datetime) -> None:
    """Let an address be written to again that called a message spam: its owner has just said that they want it."""
    records.lift_complaint(tx, identity, now)


def _checked(why: str) -> str | None:
    with concerning("why"):
        if why and why not in WHYS:
            raise Invalid("There is no reason '{why}'. There are: {names}.", why=why[:40], names=", ".join(WHYS))
    return why or None
