"""The statements about campaigns in their course."""

from datetime import datetime

from regulars.store.database import Tx
from regulars.store.statements import load

SQL = load(__package__ or "regulars.speak", "broadcasts.sql")


def put_priority(tx: Tx, name: str, priority: int) -> int:
    """Let what waits of a campaign have another priority."""
    return tx.run(SQL["put_priority"], name=name, priority=priority)


def unpark(tx: Tx, name: str) -> int:
    """Let what was parked of a campaign be looked at again."""
    return tx.run(SQL["unpark"], name=name)


def planned(tx: Tx, now: datetime) -> list[str]:
    """Return the campaigns whose time may have come."""
    return tx.values(SQL["planned"], now=now)


def put_campaign(tx: Tx, name: str, state: str) -> int:
    """Let a campaign be in another state."""
    return tx.run(SQL["put_campaign"], name=name, state=state)
