"""The rules by which identities are joined: read, changed, and tried on what was heard lately.

A change is an event: it holds for what is heard from then on, and a replay uses what held then.
"""

from datetime import datetime

import msgspec

from regulars.remember import duplicate_records, merge_records, records
from regulars.remember.heard import Rules
from regulars.remember.identifying import NOBODY, rules_at
from regulars.remember.joining import Book, Met
from regulars.remember.merge_records import Ruled
from regulars.store.database import Tx
from regulars.store.log import NewEvent, append
from regulars.words.errors import Invalid, concerning
from regulars.words.kinds import IDENTITY_RULES, LINKING

__all__ = ["MOST_DEVICES", "Rules", "Tried", "change", "rules_now", "try_rules", "versions"]

MOST_DEVICES = 5
_LOOKED_AT = 20_000


class Tried(msgspec.Struct, frozen=True):
    """What rules would have made of the last links: how many were looked at, and how many customers they leave."""

    links: int
    identities: int
    customers_now: int
    """With the rules of today."""
    customers_then: int
    """With the rules that were tried."""


def rules_now(tx: Tx) -> Rules:
    """Return the rules that hold for what is heard now, however far the follower is: who saves others meets them."""
    return rules_at(tx)


def change(tx: Tx, rules: Rules, now: datetime) -> None:
    """Take other rules from now on; what was joined stays so. The last thing of its transaction. Raise Invalid."""
    _check(rules)
    append(tx, [NewEvent(NOBODY, now, IDENTITY_RULES, msgspec.json.encode(rules))])
    merge_records.rule_from_now(tx, now, rules)


def _check(rules: Rules) -> None:
    with concerning("devices"):
        if not 0 <= rules.devices <= MOST_DEVICES:
            raise Invalid("One browser may join 0 to {most} customers.", most=MOST_DEVICES)


def versions(tx: Tx, limit: int = 20) -> list[Ruled]:
    """Return every change of the rules, the newest first."""
    return merge_records.rules(tx, limit)


def try_rules(tx: Tx, rules: Rules) -> Tried:
    """Say what rules would have made of the last links, beside those of today; what people decided is left out."""
    _check(rules)
    heard = duplicate_records.links(tx, LINKING, _LOOKED_AT)
    met = [
        msgspec.structs.replace(one, customer_id=None)
        for one in records.met(tx, {one.identity_id for one in heard}.union(*(one.links for one in heard)))
    ]
    now, then = (_customers(heard, met, one) for one in (rules_now(tx), rules))
    return Tried(len(heard), len(met), now, then)


def _customers(heard: list[duplicate_records.Heard], met: list[Met], rules: Rules) -> int:
    book = Book(met, (), rules=rules)
    for one in heard:
        book.meet(one.identity_id, one.seq)
        book.link(one.identity_id, one.links, one.seq)
    return len(met) - len(book.ties)
