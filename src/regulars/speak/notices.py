"""Notices: messages of service to an address that is nobody's yet. They carry no campaign and need no consent.

A notice goes through the outbox like every message: it is claimed, sent once and kept. It belongs to whoever caused it,
so the address becomes nobody's before its owner says so.
"""

from datetime import datetime

from regulars.speak import records
from regulars.speak.rows import Notice
from regulars.store.database import Tx

__all__ = ["Notice", "post"]


def post(tx: Tx, identity_id: int, notice: Notice, now: datetime) -> int:
    """Queue a notice on behalf of an identity, the visitor who typed the address; return its number."""
    return records.add_notice(tx, identity_id, notice, now)
