"""Addresses of people who had everything forgotten: nothing is sent to them, whoever brings them again.

What is kept of an address is a hash made with a secret of the house (docs/adr/0027). It goes when the owner of the
mailbox says that they want to be written to, by the link that was sent there.
"""

from collections.abc import Collection
from datetime import datetime
from hashlib import blake2b

from regulars.access.links import secret_for
from regulars.decide import gone_records as records
from regulars.store.database import Tx

_BYTES = 20


def add(tx: Tx, addresses: Collection[str], now: datetime) -> None:
    """Let nothing be sent to these addresses."""
    if addresses:
        records.add_unwanted(tx, sorted(_hashes(tx, addresses)), now)


def any_are(tx: Tx) -> bool:
    """Whether there is any such address."""
    return records.any_unwanted(tx)


def among(tx: Tx, addresses: Collection[str]) -> set[str]:
    """Return those of some addresses that nothing is to be sent to."""
    if not addresses or not records.any_unwanted(tx):
        return set()
    hashes = _hashes(tx, addresses)
    return {hashes[one] for one in records.unwanted(tx, list(hashes))}


def welcome(tx: Tx, address: str) -> None:
    """Let an address be written to again: its owner has just said so, by a link that was sent there."""
    if records.any_unwanted(tx):
        records.drop_unwanted(tx, list(_hashes(tx, [address])))


def _hashes(tx: Tx, addresses: Collection[str]) -> dict[str, str]:
    secret = secret_for(tx, "unwanted")
    return {blake2b(one.encode(), digest_size=_BYTES, key=secret).hexdigest(): one for one in addresses}
