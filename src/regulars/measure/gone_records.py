"""What was told by somebody who goes, and when we answered."""

from regulars.store.database import Tx
from regulars.store.gone import Gone, Step
from regulars.store.statements import load

SQL = load(__package__ or "regulars.measure", "gone.sql")


def _told(tx: Tx, gone: Gone, limit: int) -> int:
    return tx.run(SQL["drop_statements"], identities=gone.identities, limit=limit)


STEPS = (Step("answers", _told),)
"""It finds what was told by the answers, so it comes before these go."""
