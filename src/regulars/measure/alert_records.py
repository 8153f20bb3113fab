"""The statements of alerts: what is wrong, what was told, and to whom; in a workspace's schema or in the shared one."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Literal

import msgspec

from regulars.measure.findings import Finding, Severity
from regulars.store.database import Jsonb, Tx
from regulars.store.statements import load

SQL = load(__package__ or "regulars.measure", "alerts.sql")

Change = Literal["began", "worsened", "ended", "test"]
Way = Literal["mail", "webhook"]


class Known(msgspec.Struct, frozen=True):
    """A finding as it was the last time, and which severity of it was told."""

    name: str
    about: str
    severity: Severity
    began_at: datetime
    seen_at: datetime
    detail: dict[str, Any]
    told: str = ""
    ended_at: datetime | None = None
    times: int = 0


class Alert(msgspec.Struct, frozen=True):
    """Something that is told: that a finding began, worsened or ended, or a test."""

    id: str
    at: datetime
    change: Change
    name: str
    about: str
    severity: Severity
    began_at: datetime
    detail: dict[str, Any]

    @property
    def finding(self) -> Finding:
        """What it is about."""
        return Finding(self.name, self.severity, self.began_at, self.about, self.detail)


class Telling(msgspec.Struct, frozen=True):
    """Whom an alert was told to, and what came of it."""

    way: Way
    target: str
    state: str
    note: str
    attempts: int


class Told(msgspec.Struct, frozen=True):
    """An alert with all its tellings."""

    alert: Alert
    tellings: list[Telling]


class Claimed(msgspec.Struct, frozen=True):
    """An alert that this worker is to tell somebody now."""

    alert: Alert
    way: Way
    target: str
    attempts: int


class Person(msgspec.Struct, frozen=True):
    """Somebody of the team, and whether they get alerts by mail."""

    id: int
    email: str
    name: str
    listens: bool


class Webhook(msgspec.Struct, frozen=True):
    """Where alerts are posted to, and what signs them."""

    url: str
    secret: bytes


def lock_findings(tx: Tx) -> None:
    """Wait for whoever else settles what is wrong."""
    tx.run(SQL["lock_findings"])


def open_findings(tx: Tx, since: datetime) -> dict[tuple[str, str], Known]:
    """Return what was wrong the last time, and what ended since a moment, by name and what it is about."""
    return {(one.name, one.about): one for one in tx.all(SQL["open_findings"], Known, since=since)}


def keep_finding(tx: Tx, known: Known) -> None:
    """Keep what is wrong, or that it ended."""
    row: dict[str, Any] = msgspec.structs.asdict(known)
    tx.run(SQL["keep_finding"], **{**row, "detail": Jsonb(known.detail)})


def add_alert(tx: Tx, alert: Alert, targets: Collection[tuple[Way, str]]) -> None:
    """Keep what is to be told, and to whom."""
    row: dict[str, Any] = msgspec.structs.asdict(alert)
    tx.run(SQL["add_alert"], **{**row, "detail": Jsonb(alert.detail)})
    tx.many(
        SQL["add_telling"],
        [{"alert": alert.id, "way": way, "target": target, "due": alert.at} for way, target in targets],
    )


def claim_tellings(tx: Tx, now: datetime, lease: datetime, *, only: str | None, limit: int) -> list[Claimed]:
    """Take what is due to be told; nobody else takes it before the lease is over."""
    rows = tx.rows(SQL["claim_tellings"], now=now, lease=lease, only=only, limit=limit)
    return [Claimed(Alert(alert, *about), way, target, attempts) for alert, way, target, attempts, *about in rows]


def settle_telling(
    tx: Tx, one: Claimed, state: str, note: str, *, due: datetime | None, told_at: datetime | None
) -> None:
    """Keep what came of telling somebody."""
    tx.run(
        SQL["settle_telling"],
        alert=one.alert.id,
        way=one.way,
        target=one.target,
        state=state,
        note=note,
        due=due,
        told_at=told_at,
    )


def list_alerts(tx: Tx, *, limit: int, after: tuple[datetime, str] | None) -> list[Told]:
    """Return what was told, the newest first; what comes after one, named by its moment and id."""
    at, number = after or (None, None)
    rows = tx.rows(SQL["list_alerts"], limit=limit, at=at, id=number)
    return [Told(Alert(*row[:-1]), msgspec.convert(row[-1], list[Telling])) for row in rows]


def count_alerts(tx: Tx) -> int:
    """Return how much was told."""
    return tx.value(SQL["count_alerts"])


def forget_alerts(tx: Tx, before: datetime) -> None:
    """Forget what was told long ago."""
    tx.run(SQL["forget_alerts"], before=before)


def people(tx: Tx) -> list[Person]:
    """Return everybody of the team, and whether they get alerts by mail."""
    return tx.all(SQL["listeners"], Person, workspace=tx.workspace)


def set_listeners(tx: Tx, ids: Collection[int]) -> None:
    """Let these of the team get alerts by mail, and nobody else."""
    tx.run(SQL["forget_listeners"])
    tx.run(SQL["add_listeners"], workspace=tx.workspace, people=list(ids))


def get_webhook(tx: Tx) -> Webhook | None:
    """Return where alerts are posted to, if anywhere."""
    return tx.one(SQL["get_webhook"], Webhook)


def set_webhook(tx: Tx, url: str, secret: bytes, *, fresh: bool) -> None:
    """Post alerts to an address; the secret is taken where there is none yet, or where it is a fresh one."""
    tx.run(SQL["set_webhook"], url=url, secret=secret, fresh=fresh)


def drop_webhook(tx: Tx) -> None:
    """Post alerts nowhere."""
    tx.run(SQL["drop_webhook"])


def get_language(tx: Tx) -> str:
    """Return in which language alerts are written."""
    return tx.value(SQL["get_language"]) or "en"


def set_language(tx: Tx, locale: str) -> None:
    """Write alerts in a language from now on."""
    tx.run(SQL["set_language"], locale=locale)
