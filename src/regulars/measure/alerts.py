"""Alerts: what begins, worsens or ends is told once, and what flickers is not told again and again.

What is wrong is kept from one look to the next, so of many workers one tells. A finding must stand for two minutes
before it is told, and stay away before it is over: ten minutes the first time, and twice as long each time that it
comes back within a day.
"""

from collections.abc import Callable, Collection, Iterable
from datetime import datetime, timedelta
from secrets import token_hex

import msgspec

from regulars.measure import alert_records as records
from regulars.measure.alert_records import Alert, Change, Known, Person, Told, Way, Webhook
from regulars.measure.findings import Finding
from regulars.store.database import Tx

__all__ = ["Alert", "Told"]

Targets = Callable[[], Collection[tuple[Way, str]]]

_STANDS = timedelta(minutes=2)
_AWAY = timedelta(minutes=10)
_LONGEST_AWAY = timedelta(hours=2)
_DAY = timedelta(days=1)
_KEPT = timedelta(days=90)
_SURE = ("figure.low", "figure.high")
"""What is told at once: chance was thought of already."""


def settle(tx: Tx, findings: Iterable[Finding], targets: Targets, now: datetime) -> list[Alert]:
    """Compare what is wrong with what was, and keep what is to be told; return it."""
    records.lock_findings(tx)
    known = records.open_findings(tx, now - _DAY)
    alerts: list[Alert] = []
    seen: set[tuple[str, str]] = set()
    for finding in findings:
        place = (finding.name, finding.about)
        seen.add(place)
        now_known = _met(finding, known.get(place), now)
        change = _to_tell(now_known, now)
        if change:
            now_known = msgspec.structs.replace(now_known, told=now_known.severity)
            alerts.append(_alert(now_known, change, finding.since or now_known.began_at, now))
        records.keep_finding(tx, now_known)
    for place, one in known.items():
        if place not in seen and one.ended_at is None and now - one.seen_at >= _away(one):
            if one.told:
                alerts.append(_alert(one, "ended", one.began_at, now))
            times = one.times + bool(one.told)
            records.keep_finding(tx, msgspec.structs.replace(one, ended_at=now, told="", times=times))
    if alerts:
        whom = targets()
        for alert in alerts:
            records.add_alert(tx, alert, whom)
        records.forget_alerts(tx, now - _KEPT)
    return alerts


def _met(finding: Finding, known: Known | None, now: datetime) -> Known:
    fresh = Known(finding.name, finding.about, finding.severity, now, now, finding.detail)
    if known is None:
        return fresh
    if known.ended_at is not None:
        return msgspec.structs.replace(fresh, times=known.times)
    return msgspec.structs.replace(known, severity=finding.severity, seen_at=now, detail=finding.detail)


def _to_tell(one: Known, now: datetime) -> Change | None:
    if not one.told:
        return "began" if one.name in _SURE or now - one.began_at >= _STANDS else None
    return "worsened" if one.told == "look" and one.severity == "act" else None


def _away(one: Known) -> timedelta:
    """Return how long a finding must stay away before it is over."""
    return min(_AWAY * 2 ** min(one.times, 8), _LONGEST_AWAY)


def _alert(one: Known, change: Change, began_at: datetime, now: datetime) -> Alert:
    return Alert(f"alert_{token_hex(12)}", now, change, one.name, one.about, one.severity, began_at, one.detail)


def test(tx: Tx, now: datetime) -> Alert:
    """Keep a test that everybody is to be told."""
    alert = Alert(f"alert_{token_hex(12)}", now, "test", "test", "", "look", now, {})
    records.add_alert(tx, alert, targets(tx))
    return alert


def targets(tx: Tx) -> list[tuple[Way, str]]:
    """Return to whom a workspace's alerts are told."""
    mails: list[tuple[Way, str]] = [("mail", one.email) for one in records.people(tx) if one.listens]
    return [*mails, ("webhook", tx.workspace or "")] if records.get_webhook(tx) else mails


def history(tx: Tx, *, limit: int, after: tuple[datetime, str] | None = None) -> list[Told]:
    """Return what was told, the newest first; what comes after one, named by its moment and id."""
    return records.list_alerts(tx, limit=limit, after=after)


def count(tx: Tx) -> int:
    """Return how much was told."""
    return records.count_alerts(tx)


def people(tx: Tx) -> list[Person]:
    """Return everybody of the team, and whether they get alerts by mail."""
    return records.people(tx)


def webhook(tx: Tx) -> Webhook | None:
    """Return where alerts are posted to, if anywhere."""
    return records.get_webhook(tx)


def language(tx: Tx) -> str:
    """Return in which language alerts are written."""
    return records.get_language(tx)
