"""What is counted of somebody who goes: it goes on counting, for nobody or for whoever stands in for them."""

from datetime import UTC, datetime

from regulars.store.database import Tx
from regulars.store.gone import NOBODY, Gone, Step
from regulars.store.statements import load
from regulars.understand import records
from regulars.understand.asking import day_of, standing

SQL = load(__package__ or "regulars.understand", "gone.sql")


def _counts(tx: Tx, gone: Gone, limit: int) -> int:
    return tx.run(SQL["hand_rollups"], identities=gone.identities, stand_in=gone.stand_in, limit=limit)


def _seen(tx: Tx, gone: Gone, limit: int) -> int:
    del limit
    return tx.run(SQL["hand_seen"], identities=gone.identities, stand_in=gone.stand_in)


def _segments(tx: Tx, gone: Gone, limit: int) -> int:
    left: int = tx.value(SQL["leave_segments"], identities=gone.identities, limit=limit, now=datetime.now(UTC))
    if left < limit and gone.stand_in != NOBODY:
        _ask(tx, gone.stand_in)
    return left


def _turned(tx: Tx, gone: Gone, limit: int) -> int:
    del limit
    return tx.run(SQL["leave_turned"], identities=gone.identities)


def _buyer(tx: Tx, gone: Gone, limit: int) -> int:
    del limit
    made = ("drop_buyer", "drop_stages_of", "drop_due_of", "drop_ways_of", "drop_group_of")
    return sum(tx.run(SQL[one], identities=gone.identities) for one in made)


def _ask(tx: Tx, customer: int) -> None:
    """Put an anonymous customer into the segments whose rules still hold, without a word: that addresses nobody."""
    rules, now = [rule for rule in standing(tx) if rule.built], datetime.now(UTC)
    if rules:
        records.settle(tx, tuple((rule.id, rule.rule) for rule in rules), [customer], now, day_of(rules, now))


STEPS = (
    Step("counts", _counts),
    Step("counts", _seen),
    Step("counts", _buyer),
    Step("segments", _segments),
    Step("segments", _turned),
)
