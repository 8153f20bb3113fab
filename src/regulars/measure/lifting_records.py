"""Who ordered, of those who got a campaign and those who were held out of it."""

import msgspec

from regulars.store.database import Tx
from regulars.store.statements import load
from regulars.words.reasons import HELD_OUT

SQL = load(__package__ or "regulars.measure", "lifting.sql")


class Group(msgspec.Struct, frozen=True):
    """How many customers they are, and how many of them have ordered since."""

    customers: int
    ordered: int

    @property
    def share(self) -> float:
        """How many of them, as a share."""
        return self.ordered / self.customers


def groups(tx: Tx, campaign: str, most: int) -> dict[bool, Group]:
    """Return the group that got a campaign (True) and the one that was held out; a group of nobody is left out."""
    rows = tx.rows(SQL["groups"], campaign=campaign, held_out=HELD_OUT, most=most)
    return {written: Group(customers, ordered) for written, customers, ordered in rows}
