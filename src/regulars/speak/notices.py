"""Notices: messages of service, to an address that is nobody's yet or on its owner's own wish.

They carry no campaign and need no consent.

A notice goes through the outbox like every message: it is claimed, sent once and kept. It belongs to whoever caused it,
so the address becomes nobody's before its owner says so.
"""

from datetime import datetime, timedelta

from regulars.speak import records
from regulars.speak.rows import Notice
from regulars.store.database import Tx
from regulars.words.ids import hash64

__all__ = ["Notice", "post", "post_rarely"]


def post(tx: Tx, identity_id: int, notice: Notice, now: datetime) -> int:
    """Queue a notice on behalf of an identity, the visitor who typed the address; return its number."""
    return records.add_notice(tx, identity_id, notice, now)


def post_rarely(tx: Tx, identity_id: int, notice: Notice, now: datetime, pause: timedelta) -> bool:
    """Queue a notice on behalf of an identity that has had none for a while; return whether it was queued."""
    records.lock_notices(tx, hash64(f"speak_notice:{identity_id}"))
    if records.count_notices(tx, identity_id, now - pause):
        return False
    post(tx, identity_id, notice, now)
    return True
