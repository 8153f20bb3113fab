"""Computed facts that the room after this one works out of many customers at once; kept beside those of `did`.

They stand in the row of a customer's computed facts. Whoever is folded anew keeps them, and who had one forgotten does
not get it again.
"""

from collections.abc import Collection, Mapping

import msgspec

from regulars.remember import did_records as records
from regulars.remember.did_records import Computed, Last
from regulars.remember.heard import FactKind
from regulars.store.database import Tx
from regulars.store.records import wait_for_follower

LABELS: Mapping[str, str] = {
    "new_or_returning": "New or returning",
    "rfm": "RFM cell",
    "rfm_recency": "RFM: how lately (1 to 5)",
    "rfm_frequency": "RFM: how often (1 to 5)",
    "rfm_money": "RFM: for how much (1 to 5)",
    "stage_intent": "Purchase stage: intent",
    "stage_evaluation": "Purchase stage: evaluation",
    "stage_purchase": "Purchase stage: purchase",
    "stage_after_sale": "Purchase stage: after-sale",
    "behaviour_group": "Group by behaviour",
}
_KINDS: Mapping[str, FactKind] = {
    "rfm_recency": "number",
    "rfm_frequency": "number",
    "rfm_money": "number",
    "behaviour_group": "number",
    "stage_intent": "list",
    "stage_evaluation": "list",
    "stage_purchase": "list",
    "stage_after_sale": "list",
}
_FOLLOWER = "did"


def fact(customer: int, name: str, json: str, words: str, last: Last) -> Computed:
    """Return one of these facts; `last` is the event that went into it last."""
    return Computed(customer, name, _KINDS.get(name, "text"), LABELS[name], json, words, last.at, last.seq)


def overheard(one: Computed) -> Computed:
    """Return a fact as what only browser keys said: no message quotes it."""
    return msgspec.structs.replace(one, origin=records.OVERHEARD)


def hold(tx: Tx, customers: Collection[int]) -> list[int]:
    """Return those of some customers who are there; until the transaction ends they stay, and are not folded anew."""
    wait_for_follower(tx, _FOLLOWER)
    return records.hold_customers(tx, customers)


def keep(tx: Tx, customers: Collection[int], names: Collection[str], facts: Collection[Computed]) -> set[int]:
    """Make some of these facts of customers what they are now; return of whom one changed.

    The customers have to be held. Of one who has none of `names` any more they go.
    """
    withheld = records.withheld(tx, customers)
    held = [one for one in facts if (one.customer_id, one.name) not in withheld]
    new = {one.name: one for one in held}.keys() - records.computed_names(tx)
    if new:
        records.declare(tx, list({one.name: one for one in held if one.name in new}.values()))
    return records.write_understood(tx, customers, names, held)
