"""The statements of the API: what was answered to requests that carry an Idempotency-Key, and how fast a key asks."""

from datetime import datetime

import msgspec

from regulars.store.database import Tx
from regulars.store.statements import load

SQL = load(__package__ or "regulars.web.api")


class Kept(msgspec.Struct, frozen=True):
    """An answer as it was given, and a hash of the request it was given to."""

    request: bytes
    status: int
    answer: bytes


def claim_answer(tx: Tx, key: str, request: bytes, now: datetime) -> bool:
    """Take a key for a request; return False where it was taken less than a day ago."""
    tx.run(SQL["forget_answers"], now=now)
    return tx.value(SQL["claim_answer"], key=key, request=request, now=now) is not None


def get_answer(tx: Tx, key: str) -> Kept | None:
    """Return what was answered under a key."""
    return tx.one(SQL["get_answer"], Kept, key=key)


def keep_answer(tx: Tx, key: str, status: int, answer: bytes) -> None:
    """Keep what is answered under a key."""
    tx.run(SQL["keep_answer"], key=key, status=status, answer=answer)


def take_parcel(tx: Tx, key: bytes, *, want: int, rate: int, burst: int, now: datetime) -> tuple[int, float]:
    """Take some requests out of a key's bucket; return how many, and what is left in it."""
    ((granted, left),) = tx.rows(SQL["take_parcel"], key=key, want=want, rate=rate, burst=burst, now=now)
    return int(granted), left
