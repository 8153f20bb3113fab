"""A merge undone: what joined two identities is cut, and each side is a customer of its own again.

The ties of a customer make a tree, so a cut leaves exactly two sides, whatever was joined before or since. The side
with the identity that names the customer stays that customer; the other is what it had been, or is named by the
strongest of its identities.
"""

from collections import defaultdict
from collections.abc import Iterable

from regulars.remember import merge_records, records
from regulars.remember.heard import Pair, Rules, Split
from regulars.remember.joining import Met, Tie, rank
from regulars.store.database import Tx


def split(tx: Tx, said: Split, seq: int) -> set[int]:
    """Undo what joined two identities, and remember that they are not the same; return the two customers.

    Nothing happens where it was undone already.
    """
    tie = merge_records.find_tie(tx, said.seq, said.other)
    customer = records.customer_of(tx, tie.one) if tie else None
    if tie is None or customer is None:
        return set()
    records.hold_customers(tx, [customer])
    members = merge_records.members(tx, customer)
    gone = _side(tie.other, [one for one in merge_records.ties_of(tx, customer) if one != tie])
    if customer in gone:
        gone = {one.id for one in members} - gone
    named = _named(tie, gone, members)
    merge_records.cut(tx, tie, seq)
    merge_records.tell_apart(tx, tie.one, tie.other, seq)
    merge_records.move(tx, gone, named, seq)
    return {customer, named}


def _side(start: int, ties: Iterable[Tie]) -> set[int]:
    """Return the identities that ties hold together with one."""
    beside: defaultdict[int, list[int]] = defaultdict(list)
    for tie in ties:
        beside[tie.one].append(tie.other)
        beside[tie.other].append(tie.one)
    found, ahead = {start}, [start]
    while ahead:
        fresh = [one for one in beside[ahead.pop()] if one not in found]
        found.update(fresh)
        ahead += fresh
    return found


def _named(tie: Tie, gone: set[int], members: Iterable[Met]) -> int:
    """Return the id of the customer that leaves: the one it had before, if that is one of its identities."""
    if tie.loser in gone:
        return tie.loser
    return min((rank(one.kind, Rules()), one.id) for one in members if one.id in gone)[1]


def tell_apart(tx: Tx, said: Pair, seq: int) -> None:
    """Remember that the customers of two identities are not the same; nothing happens where they are."""
    whose = records.customers_of(tx, {said.one, said.other})
    if len(set(whose.values())) > 1:
        merge_records.tell_apart(tx, said.one, said.other, seq)


def lift(tx: Tx, said: Pair) -> bool:
    """Forget what told the customers of two identities apart; return whether they are two, and both known."""
    whose = records.customers_of(tx, {said.one, said.other})
    if len(set(whose.values())) < 2:  # noqa: PLR2004 (one and the other)
        return False
    merge_records.lift(tx, whose[said.one], whose[said.other])
    return True
