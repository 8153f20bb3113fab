"""How gateways call messages to somebody who goes."""

from regulars.store.database import Tx
from regulars.store.gone import Gone, Step
from regulars.store.statements import load

SQL = load(__package__ or "regulars.channels.sms", "gone.sql")


def _sent(tx: Tx, gone: Gone, limit: int) -> int:
    return tx.run(SQL["drop_sent_to"], identities=gone.identities, limit=limit)


STEPS = (Step("text messages", _sent),)
"""It finds them by the messages they were, so it comes before these are blanked."""
