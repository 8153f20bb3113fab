"""What was told by somebody who goes, and when we answered."""

from regulars.store.database import Tx
from regulars.store.gone import Gone, Step
from regulars.store.statements import load

SQL = load(__package__ or "regulars.measure", "gone.sql")


def _told(tx: Tx, gone: Gone, limit: int) -> int:
    return tx.run(SQL["drop_statements"], identities=gone.identities, limit=limit)


def _followed(tx: Tx, gone: Gone, limit: int) -> int:
    return tx.run(SQL["drop_clicks"], identities=gone.identities, limit=limit)


def _reacted(tx: Tx, gone: Gone, limit: int) -> int:
    return tx.run(SQL["blunt_reactions"], identities=gone.identities, limit=limit)


STEPS = (Step("answers", _told), Step("messages", _followed), Step("messages", _reacted))
"""It finds what was told by the answers, and what came of messages by these: it comes before they go."""
