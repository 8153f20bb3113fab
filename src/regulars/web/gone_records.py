"""What the console and the API keep for a while, where it names somebody who goes."""

from regulars.store.database import Tx
from regulars.store.gone import Gone, Step
from regulars.store.statements import load

SQL = load(__package__ or "regulars.web", "gone.sql")


def _drafts(tx: Tx, gone: Gone, limit: int) -> int:
    del limit
    return tx.run(SQL["drop_drafts"], patterns=gone.patterns)


def _done(tx: Tx, gone: Gone, limit: int) -> int:
    del limit
    return tx.run(SQL["drop_done"], identities=gone.identities, patterns=gone.patterns)


def _answers(tx: Tx, gone: Gone, limit: int) -> int:
    del limit
    return tx.run(SQL["blank_answers"], patterns=gone.patterns)


STEPS = (Step("drafts", _drafts), Step("drafts", _done), Step("answers to programs", _answers))
