"""What somebody who goes answered."""

from regulars.store.database import Tx
from regulars.store.gone import Gone, Step
from regulars.store.statements import load

SQL = load(__package__ or "regulars.engage", "gone.sql")


def _confirmations(tx: Tx, gone: Gone, limit: int) -> int:
    del limit
    return tx.run(SQL["drop_confirmations"], identities=gone.identities, needles=gone.needles)


def _answers(tx: Tx, gone: Gone, limit: int) -> int:
    return tx.run(SQL["drop_responses"], identities=gone.identities, limit=limit)


def _stops(tx: Tx, gone: Gone, limit: int) -> int:
    del limit
    return tx.run(SQL["drop_stops"], workspace=tx.workspace, patterns=gone.patterns)


STEPS = (Step("answers", _confirmations), Step("answers", _answers), Step("stops", _stops))
