"""Mail in the sandbox to somebody who goes."""

from regulars.store.database import Tx
from regulars.store.gone import Gone, Step
from regulars.store.statements import load

SQL = load(__package__ or "regulars.channels.sandbox", "gone.sql")


def _mail(tx: Tx, gone: Gone, limit: int) -> int:
    return tx.run(SQL["drop_mail_of"], identities=gone.identities, needles=gone.needles, limit=limit)


STEPS = (Step("mailbox", _mail),)
"""It finds mail by the messages it was, so it comes before these are blanked."""
