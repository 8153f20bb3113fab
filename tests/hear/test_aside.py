"""What is rejected is kept aside: little of it, of each a piece, and for days."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import msgspec
import pytest

from regulars.hear import rejected_records
from regulars.hear.aside import AT_ONCE, CUT, KEPT_FOR, MOST, Aside, sweep_rejected
from regulars.hear.protocol import Rejected
from regulars.hear.rejected_records import KeptRejected
from regulars.store.database import Database
from regulars.store.waking import Waker


@pytest.fixture
def waker(database: Database) -> Iterator[Waker]:
    waker = Waker(database)
    yield waker
    waker.close()


def rejected(text: bytes = b"{}", reason: str = "no") -> Rejected:
    return Rejected(0, reason, text)


def kept(database: Database, workspace: str) -> list[KeptRejected]:
    with database.workspace(workspace) as tx:
        return rejected_records.list_rejected(tx, kind=None, source=None, library=None, before=None, limit=5_000)


def test_it_says_what_was_sent_by_what_and_why(database: Database, workspace: str, waker: Waker, now: datetime) -> None:
    said = {"event": "Bought", "context": {"library": {"name": "analytics.js"}}, "properties": "x" * 9_000}
    aside = Aside(database, waker)
    aside.keep(workspace, 7, "track", [rejected(msgspec.json.encode(said), "properties: must be an object.")], now)
    aside.close()
    (one,) = kept(database, workspace)
    assert (one.kind, one.library, one.source, one.at) == ("Bought", "analytics.js", 7, now)
    assert one.reason == "properties: must be an object."
    assert len(one.said) == CUT
    assert one.bytes == len(msgspec.json.encode(said))


CONTEXT = b'{"ip": "198.51.100.7", "userAgent": "Browser/1", "traits": {"name": "Anna"}, "locale": "lv"}'


@pytest.mark.parametrize(
    ("text", "kept_of_it"),
    [
        (b'{"context": %b, "properties": "%b"}' % (CONTEXT, b"x" * CUT), '"locale":"lv"'),
        (b'{"c\\u006fntext": %b}' % CONTEXT, '"locale":"lv"'),
        (b'{"event": "Bought", "context": %b' % CONTEXT, "Bought"),
    ],
)
def test_what_no_event_keeps_of_its_context_is_not_kept_aside(
    database: Database, workspace: str, waker: Waker, now: datetime, text: bytes, kept_of_it: str
) -> None:
    aside = Aside(database, waker)
    aside.keep(workspace, None, "track", [rejected(text)], now)
    aside.close()
    (one,) = kept(database, workspace)
    assert kept_of_it in one.said
    assert not any(mark in one.said for mark in ("198.51", "Browser/1", "Anna"))


def test_what_cannot_be_written_of_one_workspace_costs_no_other_anything(
    database: Database, workspace: str, waker: Waker, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    of_workspace = database.workspace

    def broken(name: str):
        if name == "other":
            raise ValueError("a defect")
        return of_workspace(name)

    monkeypatch.setattr(database, "workspace", broken)
    aside = Aside(database, waker, every=60)
    for name in ("other", workspace):
        aside.keep(name, None, "track", [rejected()], now)
    aside.close()
    monkeypatch.undo()
    assert len(kept(database, workspace)) == 1


def test_of_a_flood_little_is_kept_and_the_rest_is_counted(
    database: Database, workspace: str, waker: Waker, now: datetime
) -> None:
    aside = Aside(database, waker, every=60)
    for _ in range(10):
        aside.keep(workspace, None, "track", [rejected()] * 100, now)
    aside.close()
    found = kept(database, workspace)
    assert len(found) == AT_ONCE
    assert [one.more for one in found] == [1_000 - AT_ONCE] + [0] * (AT_ONCE - 1)


@pytest.mark.parametrize(
    "text", [b"\xff\xfe", b"[" * 90_000, b'{"event": 7, "context": []}', b"\0", b'{"event": "\\u0000"}']
)
def test_whatever_was_sent_can_be_kept(
    database: Database, workspace: str, waker: Waker, now: datetime, text: bytes
) -> None:
    aside = Aside(database, waker)
    aside.keep(workspace, None, "", [rejected(text)], now)
    aside.close()
    assert len(kept(database, workspace)) == 1


def test_the_oldest_go(database: Database, workspace: str, waker: Waker, now: datetime) -> None:
    new = rejected_records.NewRejected(now, None, "x", "", "no", "{}", 2)
    old = msgspec.structs.replace(new, at=now - KEPT_FOR - timedelta(seconds=1))
    with database.workspace(workspace) as tx:
        rejected_records.keep(tx, [old] * 5 + [new] * (MOST + 5), more=0, most=MOST, kept_for=KEPT_FOR)
    assert len(kept(database, workspace)) == MOST
    sweep_rejected(database, workspace, now + KEPT_FOR + timedelta(hours=1))
    assert kept(database, workspace) == []
