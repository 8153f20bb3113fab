"""What a campaign moved: how many ordered of those who got it, beside those who were held out of it."""

from math import sqrt

import msgspec

from regulars.measure import lifting_records as records
from regulars.measure.lifting_records import Group
from regulars.store.database import Tx

__all__ = ["Compared", "Group", "compared"]

LOOKED_AT = 20_000
"""Of so many messages at the most, the newest, it is asked who ordered since: a page must not wait for a million."""
_SURE = 1.96
"""Standard errors beyond which chance would make a difference once in twenty times."""


class Compared(msgspec.Struct, frozen=True):
    """Those who got a campaign, and those who were held out."""

    written: Group
    held_out: Group

    @property
    def by_chance(self) -> bool:
        """Whether the difference may be chance: the test of two proportions with their pooled variance."""
        both = self.written.customers + self.held_out.customers
        pooled = (self.written.ordered + self.held_out.ordered) / both
        error = sqrt(pooled * (1 - pooled) * (1 / self.written.customers + 1 / self.held_out.customers))
        return abs(self.written.share - self.held_out.share) <= _SURE * error


def compared(tx: Tx, campaign: str) -> Compared | None:
    """Return both groups of a campaign; None where one of them is empty. Of very many, as it was a minute ago."""
    found = tx.counts.get(
        (tx.log_id, "lifting", campaign),
        lambda: records.groups(tx, campaign, LOOKED_AT),
        lambda groups: sum(one.customers for one in groups.values()),
    )
    return Compared(found[True], found[False]) if len(found) > 1 else None
