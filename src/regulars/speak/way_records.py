"""How messages of a workspace leave, by channel."""

from datetime import datetime

import msgspec

from regulars.store.database import Tx
from regulars.store.statements import load

SQL = load(__package__ or "regulars.speak", "ways.sql")


class Way(msgspec.Struct, frozen=True):
    """How messages of a channel leave: which adapter carries them, with which settings; its secrets are sealed."""

    channel: str
    adapter: str
    settings: dict[str, str]
    secrets: bytes | None
    version: int
    changed_at: datetime
    tested_at: datetime | None
    problem: str | None
    """What came of the last test; None where it was taken, or nobody tested."""


def get_way(tx: Tx, channel: str) -> Way | None:
    """Return how messages of a channel leave."""
    return tx.one(SQL["get_way"], Way, channel=channel)


def list_ways(tx: Tx) -> list[Way]:
    """Return all ways of a workspace."""
    return tx.all(SQL["list_ways"], Way)


def keep_way(
    tx: Tx, channel: str, adapter: str, settings: dict[str, str], secrets: bytes | None, now: datetime
) -> None:
    """Let messages leave by it."""
    given = msgspec.json.encode(settings).decode()
    tx.run(SQL["keep_way"], channel=channel, adapter=adapter, settings=given, secrets=secrets, now=now)


def drop_way(tx: Tx, channel: str) -> int:
    """Drop a way; return whether there was one."""
    return tx.run(SQL["drop_way"], channel=channel)


def note_test(tx: Tx, way: Way, problem: str | None, now: datetime) -> None:
    """Note what came of a test, unless the way is another one by now."""
    tx.run(SQL["note_test"], channel=way.channel, version=way.version, problem=problem, now=now)


def spoken(tx: Tx) -> set[str]:
    """Return the channels of campaigns that were ever launched."""
    return set(tx.values(SQL["spoken"]))
