"""What was said to somebody who goes: a campaign keeps that it said something, and on which day."""

from regulars.store.database import Tx
from regulars.store.gone import Gone, Step
from regulars.store.statements import load

SQL = load(__package__ or "regulars.speak", "gone.sql")
TOUCHES = load(__package__ or "regulars.speak", "touches.sql")


def _waiting(tx: Tx, gone: Gone, limit: int) -> int:
    """Drop what was not sent. What is being handed over just now is let go of when it is known what came of it."""
    return tx.run(SQL["drop_waiting"], identities=gone.identities, needles=gone.needles, limit=limit)


def _touched(tx: Tx, gone: Gone, limit: int) -> int:
    return tx.run(TOUCHES["drop_touches"], identities=gone.identities, limit=limit)


def _said(tx: Tx, gone: Gone, limit: int) -> int:
    return tx.run(SQL["blank_messages"], identities=gone.identities, stand_in=gone.stand_in, limit=limit)


STEPS = (Step("messages", _waiting), Step("messages", _touched), Step("messages", _said))
"""What was touched is found by the messages, so it goes before these are blanked."""
