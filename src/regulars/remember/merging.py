"""What the team decides about who is who: undo a merge, two are the same, two are not.

Each is an event of the log, and the `identity` follower takes it in; so it can be replayed, and undone in turn.
"""

from collections.abc import Collection
from datetime import datetime

import msgspec

from regulars.remember import merge_records, records
from regulars.remember.heard import Pair, Split
from regulars.remember.joining import Tie
from regulars.remember.merge_records import Joined, Parted
from regulars.store.database import Tx
from regulars.store.log import NewEvent, append
from regulars.words.errors import Conflict, Unknown
from regulars.words.kinds import CUSTOMER_APART, CUSTOMER_JOINED, CUSTOMER_SPLIT

__all__ = ["Joined", "Parted", "join", "joined", "part", "parted", "split", "split_at", "tell_apart", "unjoin"]

_SHOWN = 50
_MOST = 1000


def joined(tx: Tx, customer_id: int, limit: int = _SHOWN) -> list[Joined]:
    """Return the merges that made a customer what it is, the newest first, each with what said so."""
    return merge_records.joined(tx, customer_id, limit)


def parted(tx: Tx, customer_id: int, limit: int = _SHOWN) -> list[Parted]:
    """Return of whom a person said that they are not this customer, the newest first."""
    return merge_records.parted(tx, customer_id, limit)


def split(tx: Tx, customer_id: int, seq: int, other: int, now: datetime) -> Tie:
    """Undo the merge of a customer that an event said, and that linked this identity.

    Both are customers of their own again, and no link joins them; only a person does. The last thing of its
    transaction. Raise Unknown where the merge is
    not this customer's, or was undone already.
    """
    tie = merge_records.find_tie(tx, seq, other)
    if tie is None or records.customer_of(tx, tie.one) != records.customer_of(tx, customer_id):
        raise Unknown("This was undone already. Open the customer again to see what holds.")
    append(tx, [_event(tie.one, CUSTOMER_SPLIT, Split(tie.seq, tie.one, tie.other), now)])
    return tie


def split_at(tx: Tx, customer_id: int, identity_id: int, now: datetime) -> Tie:
    """Undo the newest merge of a customer that linked an identity; raise Unknown where none did."""
    for one in joined(tx, customer_id, _MOST):
        if identity_id in {one.one, one.other}:
            return split(tx, customer_id, one.seq, one.other, now)
    raise Unknown("No merge of this customer linked that identifier. List the merges to see which did.")


def part(tx: Tx, customer_id: int, identities: Collection[int], now: datetime) -> None:
    """Part some identities of a customer from all the others: each merge that joined them is undone.

    The last thing of its transaction.
    """
    between = [
        one for one in merge_records.ties_of(tx, customer_id) if (one.one in identities) != (one.other in identities)
    ]
    append(tx, [_event(one.one, CUSTOMER_SPLIT, Split(one.seq, one.one, one.other), now) for one in between])


def unjoin(tx: Tx, one: int, other: int, now: datetime) -> Tie:
    """Take back that a person joined two customers; raise Unknown where that does not hold (any more)."""
    for found in joined(tx, one, _MOST):
        if {found.one, found.other} == {one, other} and found.kind == CUSTOMER_JOINED:
            return split(tx, one, found.seq, found.other, now)
    raise Unknown("This was undone already. Open the customer again to see what holds.")


def join(tx: Tx, one: int, other: int, now: datetime) -> None:
    """Make two customers one: a person knows that they are. The last thing of its transaction.

    Raise Unknown for a customer who is not there, Conflict where both are the same already.
    """
    _two(tx, one, other)
    append(tx, [_event(one, CUSTOMER_JOINED, Pair(one, other), now)])


def tell_apart(tx: Tx, one: int, other: int, now: datetime) -> None:
    """Note that two customers are not the same: no link joins them, only a person. The last thing of its transaction.

    Raise Unknown for a customer who is not there, Conflict where both are one: then the merge is what to undo.
    """
    _two(tx, one, other)
    append(tx, [_event(one, CUSTOMER_APART, Pair(one, other), now)])


def _two(tx: Tx, one: int, other: int) -> None:
    whose = records.customers_of(tx, {one, other})
    for asked in (one, other):
        if asked not in whose:
            raise Unknown("There is no customer {id}. Look for the customer by name or address.", id=asked)
    if whose[one] == whose[other]:
        raise Conflict("These are one customer already.")


def _event(identity: int, kind: str, said: Pair | Split, now: datetime) -> NewEvent:
    return NewEvent(identity, now, kind, msgspec.json.encode(said))
