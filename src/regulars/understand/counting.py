"""What a customer's daily counts add up to: what they did, without what the house itself did."""

from regulars.store.database import Tx
from regulars.understand import records
from regulars.understand.records import Counted
from regulars.words.kinds import HOUSE, SEEN

__all__ = ["Counted", "counted"]


def counted(tx: Tx, customer_id: int) -> list[Counted]:
    """Return what a customer did, how often, and on which days first and last."""
    return records.counted(tx, customer_id, HOUSE - SEEN)
