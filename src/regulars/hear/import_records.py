"""The statements of imports: what the log knows already, and the imports of a workspace with how far they are."""

from collections.abc import Collection

from regulars.store.database import Tx
from regulars.store.log import NewEvent
from regulars.store.statements import load

SQL = load(__package__ or "regulars.hear", "imports.sql")


def known_statements(tx: Tx, events: Collection[NewEvent]) -> set[int]:
    """Return the message ids of those statements that the log has, at whatever time they were made."""
    if not events:
        return set()
    identities = [event.identity_id for event in events]
    return set(tx.values(SQL["known_statements"], identities=identities, mids=[event.mid for event in events]))
