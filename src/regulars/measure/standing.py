"""How a workspace stands: its followers, what was set aside or refused, its figures and its mail."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from math import log

from regulars.measure import figures, hours_records
from regulars.measure import health_records as records
from regulars.measure.findings import Finding, Severity
from regulars.measure.health_records import FollowerState, MailCount
from regulars.measure.usual import WEEKS
from regulars.store.database import Tx
from regulars.store.round_records import failing
from regulars.words.kinds import MESSAGE_BOUNCED, MESSAGE_REFUSED, MESSAGE_SENT, MESSAGE_UNCERTAIN

LATE = timedelta(minutes=1)
VERY_LATE = timedelta(minutes=15)
_SILENT = timedelta(minutes=5)
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
_QUEUE_LATE = timedelta(minutes=5)
_STRICT = frozenset({"consent", "suppression", "identity"})
"""Followers whose silence may do harm to customers: what was withdrawn would not be heeded."""
_KINDS = (MESSAGE_SENT, MESSAGE_BOUNCED, MESSAGE_REFUSED, MESSAGE_UNCERTAIN)
_FEW = 20
_UNLIKELY = 9.2
"""One in ten thousand."""


def findings(tx: Tx, now: datetime) -> list[Finding]:
    """Return everything that is wrong in a workspace."""
    return [*_work(tx, now), *_followers(tx, now), *_aside(tx, now), *figure_findings(tx), *_mail(tx, now)]


def states(tx: Tx) -> list[FollowerState]:
    """Return how every follower stands."""
    return records.follower_states(tx)


def keep_pace(tx: Tx, now: datetime) -> None:
    """Keep how fast followers move, from one minute to the next."""
    records.keep_pace(tx, now)


def remaining(state: FollowerState) -> timedelta | None:
    """Return how long a follower takes to catch up at its pace; None where it does not."""
    gain = state.pace - state.inflow
    return timedelta(seconds=state.behind / gain) if gain > 0 else None


def _work(tx: Tx, now: datetime) -> Iterator[Finding]:
    """Nobody works: only a page can say so, for alerts are work, too."""
    last = hours_records.last_awake(tx)
    if last is not None and now - last > _SILENT:
        yield Finding("work.silent", "act", last)


def _followers(tx: Tx, now: datetime) -> Iterator[Finding]:
    slow: list[FollowerState] = []
    for one in records.follower_states(tx):
        if one.paused:
            severity: Severity = "act" if one.name in _STRICT or one.behind else "look"
            detail = {"behind": one.behind, "note": one.note}
            yield Finding("followers.paused", severity, one.since, one.name, detail)
        elif one.behind and one.since is not None and now - one.since > LATE:
            slow.append(one)
    if slow:
        worst = max(slow, key=lambda one: (now - (one.since or now), one.behind))
        left = remaining(worst)
        age = now - (worst.since or now)
        severity = "act" if age > VERY_LATE and (left is None or left > _HOUR) else "look"
        detail = {
            "follower": worst.name,
            "behind": worst.behind,
            "others": len(slow) - 1,
            "age": age.total_seconds(),
            "left": left.total_seconds() if left else None,
        }
        yield Finding("followers.behind", severity, worst.since, detail=detail)


def _aside(tx: Tx, now: datetime) -> Iterator[Finding]:
    for one in records.quarantine_states(tx):
        severity: Severity = "act" if one.follower in _STRICT else "look"
        yield Finding("quarantine", severity, one.since, one.follower, {"count": one.count})
    for one in failing(tx, now - _DAY):
        severity = "act" if now - one.since > _HOUR else "look"
        yield Finding("rounds.failing", severity, one.since, one.name, {"error": one.error})
    refused = records.refusals(tx, now - _DAY)
    if refused.count:
        detail = {"count": refused.count, "kind": refused.kind}
        yield Finding("refused", "look", refused.since, detail=detail)


def figure_findings(tx: Tx) -> Iterator[Finding]:
    """Return the figures that are unusual, as the last look found."""
    for one in figures.unusual(tx):
        found = one.found
        detail = {
            "shape": found.shape,
            "usual": round(found.usual, 1),
            "seen": round(found.seen, 1),
            "last": found.last.isoformat() if found.last else None,
        }
        name = "figure.high" if found.shape == "rose" else "figure.low"
        yield Finding(name, "act" if found.shape == "stopped" else "look", found.since, one.kind, detail)


def _mail(tx: Tx, now: datetime) -> Iterator[Finding]:
    full = now.replace(minute=0, second=0, microsecond=0)
    counts = records.mail_counts(
        tx, _KINDS, recent=full - _HOUR, today=full - _DAY, since=full - timedelta(weeks=WEEKS)
    )
    yield from _queue(tx, now, counts.get(MESSAGE_SENT))
    yield from _share(counts, MESSAGE_BOUNCED, "mail.bounces", least=0.05, usual=0.02, bad=0.2)
    yield from _share(counts, MESSAGE_REFUSED, "mail.refused", least=0.5, usual=0.2, bad=2.0)
    unsure = counts.get(MESSAGE_UNCERTAIN)
    if unsure and unsure.today:
        yield Finding("mail.uncertain", "look", unsure.last, detail={"count": unsure.today})


def _queue(tx: Tx, now: datetime, sent: MailCount | None) -> Iterator[Finding]:
    queue = records.queue(tx, now)
    if queue.tried and queue.since and (sent is None or now - sent.last > _QUEUE_LATE):
        since = max(queue.since, sent.last) if sent else queue.since
        severity: Severity = "act" if now - since > VERY_LATE else "look"
        detail = {"count": queue.tried, "reason": queue.reason or ""}
        yield Finding("mail.failing", severity, since, detail=detail)
    elif queue.late and queue.oldest and now - queue.oldest > _QUEUE_LATE and (sent is None or now - sent.last > LATE):
        severity = "act" if now - queue.oldest > _HOUR else "look"
        detail = {"count": queue.late, "age": (now - queue.oldest).total_seconds()}
        yield Finding("mail.queue", severity, queue.oldest, detail=detail)


def _share(
    counts: dict[str, MailCount], kind: str, name: str, *, least: float, usual: float, bad: float
) -> Iterator[Finding]:
    """Find a share of the last hour that chance does not explain against that of the weeks before."""
    sent, other = counts.get(MESSAGE_SENT), counts.get(kind)
    if other is None:
        return
    seen = other.recent + (sent.recent if sent else 0)
    before = other.before + (sent.before if sent else 0)
    share = other.recent / seen if seen else 0.0
    often = other.before / before if before >= _FEW else 0.0
    expected = min(max(usual, 1.5 * often), 0.99)
    if seen < _FEW or share < least or share <= expected or seen * _apart(share, expected) < _UNLIKELY:
        return
    detail = {"count": other.recent, "of": seen, "share": round(share, 4), "usual": round(often, 4)}
    yield Finding(name, "act" if share >= bad else "look", other.last, detail=detail)


def _apart(seen: float, expected: float) -> float:
    """Return how far apart two shares are: the exponent of Chernoff's bound for one message."""
    apart = seen * log(seen / expected) if seen else 0.0
    return apart + ((1 - seen) * log((1 - seen) / (1 - expected)) if seen < 1 else 0.0)
