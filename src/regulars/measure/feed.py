"""What customers told us, newest first, each with what we did about it.

A statement is a finished form. It is acknowledged when a message quoted it: then the customer has seen that we
remembered. Which message did is noted by a follower, when it is sent.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec

from regulars.measure import records
from regulars.measure.records import Acknowledgement, Coming, Standing, Statement
from regulars.remember.catalogue import HIDDEN
from regulars.store.database import Tx
from regulars.store.pulse import Pulse, pulse

__all__ = [
    "WINDOW",
    "Acknowledgement",
    "Coming",
    "Quoting",
    "Said",
    "Stand",
    "Told",
    "acknowledgement",
    "count",
    "feed",
    "stand",
]

WINDOW = timedelta(days=30)
"""How far back the figures look."""


class Said(msgspec.Struct, frozen=True):
    """One answer: the question, and the words the customer read or wrote."""

    title: str
    words: str


class Quoting(msgspec.Struct, frozen=True):
    """A message that quoted a statement."""

    message_id: int
    campaign: str
    title: str
    at: datetime


class Told(msgspec.Struct, frozen=True):
    """One statement and what came of it: the first message that quoted it, or the campaigns on their way."""

    seq: int
    at: datetime
    customer_id: int | None
    customer: str
    form: str
    title: str
    answers: tuple[Said, ...]
    quoted: Quoting | None
    coming: tuple[Coming, ...]


def feed(
    tx: Tx, *, before: datetime | None = None, than: int = 0, answered: bool | None = None, limit: int = 20,
    hidden: Collection[str] = (), unnamed: Collection[str] = (),
) -> list[Told]:  # fmt: skip
    """Return the newest statements, before a moment if named; of that moment itself, those older `than` a seq.

    With `answered`, those only that a message has quoted, or those that none has. What was said of facts that are
    `hidden` is left out, and so is what campaigns do that are `unnamed`: as if they had not answered.
    """
    statements = records.newest_statements(
        tx, before=before, than=than, answered=answered, limit=limit, unnamed=unnamed
    )
    customers = {one.customer_id for one in statements if one.customer_id is not None}
    coming: defaultdict[int | None, list[Coming]] = defaultdict(list)
    for one in records.coming_messages(tx, customers):
        if one.campaign not in unnamed:
            coming[one.customer_id].append(one)
    return [_told(one, coming[one.customer_id], hidden) for one in statements]


class Stand(msgspec.Struct, frozen=True):
    """Where a workspace stands: while this is the same, so is what the feed and the campaigns' numbers show."""

    log: Pulse
    beside: Standing


def stand(tx: Tx) -> Stand:
    """Return where a workspace stands. A page that keeps what it shows asks before it reads anything else."""
    return Stand(pulse(tx), records.standing(tx))


def count(tx: Tx) -> int:
    """Return how many statements there are."""
    return records.count_statements(tx)


def acknowledgement(tx: Tx, now: datetime) -> Acknowledgement:
    """Return which share of what was said in the last 30 days we have acknowledged, and how soon."""
    return records.acknowledgement(tx, now - WINDOW)


def _quoting(one: Statement) -> Quoting | None:
    if one.message_id is None or one.acknowledged_at is None:
        return None
    return Quoting(one.message_id, one.campaign or "", one.campaign_title or "", one.acknowledged_at)


def _told(statement: Statement, coming: list[Coming], hidden: Collection[str]) -> Told:
    quoted = _quoting(statement)
    form, answers = str(statement.props.get("form", "")), statement.props.get("answers", [])
    return Told(
        seq=statement.seq,
        at=statement.at,
        customer_id=statement.customer_id,
        customer=statement.customer,
        form=form,
        title=str(statement.props.get("title", "")),
        answers=tuple(_said(one, form, hidden) for one in answers),
        quoted=quoted,
        coming=() if quoted else tuple(coming),
    )


def _said(answer: Mapping[str, Any], form: str, hidden: Collection[str]) -> Said:
    veiled = answer.get("fact") in hidden or f"{form}.{answer.get('question')}" in hidden
    return Said(str(answer.get("title", "")), HIDDEN if veiled else str(answer.get("words", "")))
