"""The statements of what exporters have written outside."""

import msgspec

from regulars.store.database import Tx
from regulars.store.records import SQL


class Written(msgspec.Struct, frozen=True):
    """A piece of the log that an exporter has written outside."""

    name: str
    rows: int


def add_manifest(tx: Tx, follower: str, from_seq: int, to_seq: int, name: str, rows: int) -> None:
    """Note what an exporter has written."""
    tx.run(SQL["add_manifest"], follower=follower, from_seq=from_seq, to_seq=to_seq, name=name, rows=rows)


def list_manifest(tx: Tx, follower: str) -> list[Written]:
    """Return what an exporter has written, in order."""
    return tx.all(SQL["list_manifest"], Written, follower=follower)
