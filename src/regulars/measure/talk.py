"""A relation as a conversation: what the customer said, what we said, and small between them what happened."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any, ClassVar, Literal

import msgspec

from regulars.access.links import unsigned
from regulars.remember.catalogue import HIDDEN
from regulars.remember.facts import Fact
from regulars.remember.memory import shown_name
from regulars.remember.timeline import SHOWN
from regulars.speak.context import Quote, Rendered
from regulars.speak.messages import all_shown
from regulars.store.database import Tx
from regulars.store.records import Event
from regulars.words.kinds import FACT_STATED, FORM_ANSWERED, MESSAGE_SENT, MESSAGE_UNCERTAIN
from regulars.words.money import money

_MANY = 3
"""So many things of one kind in a row are told as one."""
_SPOKEN = frozenset({MESSAGE_SENT, MESSAGE_UNCERTAIN})
_TOLD = (
    *("name", "title", "path", "url", "segment", "purpose", "channel", "granted", "until", "by", "words"),
    *("reason", "reason_code", "reason_values"),
)
"""What the conversation shows of something that happened."""


class Answer(msgspec.Struct, frozen=True):
    """One answer in the customer's words; `fact` is what it became, where that still holds."""

    title: str
    words: str
    fact: Fact | None
    name: str = ""
    """What it is remembered as, where nobody asked a question and so it has no title."""


class Said(msgspec.Struct, frozen=True, tag_field="side", tag="said"):
    """Something the customer told us."""

    side: ClassVar[str] = "said"
    seq: int
    at: datetime
    title: str
    answers: tuple[Answer, ...]
    consents: tuple[str, ...]
    verified: bool
    place: Literal["form", "page", "team"] = "form"
    """Where: in a form, on their own page, or to somebody of the team, who noted it (`by`)."""
    by: str = ""


class Spoken(msgspec.Struct, frozen=True, tag_field="side", tag="spoken"):
    """Something we told the customer, and which of their words it used."""

    side: ClassVar[str] = "spoken"
    seq: int
    at: datetime
    message_id: int
    subject: str
    text: str
    used: dict[str, Quote]
    uncertain: bool


class Looked(msgspec.Struct, frozen=True):
    """One of several things in a row that somebody looked at."""

    seq: int
    at: datetime
    kind: str
    props: dict[str, Any]
    money: float | None
    times: int


class Happened(msgspec.Struct, frozen=True, tag_field="side", tag="happened"):
    """What happened besides; the same thing several times in a row on one day is told once.

    So are several things of one kind in a row, such as pages: then `among` are they, and this is the newest.
    """

    side: ClassVar[str] = "happened"
    seq: int
    at: datetime
    kind: str
    props: dict[str, Any]
    money: float | None
    times: int = 1
    among: tuple[Looked, ...] = ()


Entry = Said | Spoken | Happened


class Day(msgspec.Struct, frozen=True):
    """One day of the conversation."""

    day: date
    entries: list[Entry]


def talk(tx: Tx, events: Iterable[Event], known: Sequence[Fact]) -> list[Day]:
    """Return events, oldest first, as days of a conversation."""
    facts = shown_name(known)
    told = _said_once(events)
    written = all_shown(tx, [int(event.props["message"]) for event in told if event.kind in _SPOKEN and event.props])
    days: list[Day] = []
    for event in told:
        entry = _entry(event, facts, written)
        if not days or days[-1].day != entry.at.date():
            days.append(Day(entry.at.date(), []))
        entries = days[-1].entries
        last = entries[-1] if entries else None
        if isinstance(entry, Happened) and isinstance(last, Happened) and _same(last, entry):
            entries[-1] = msgspec.structs.replace(entry, times=last.times + 1)
        else:
            entries.append(entry)
    return [Day(day.day, list(_gathered(day.entries))) for day in days]


def _looked(one: Happened) -> Looked:
    return Looked(one.seq, one.at, one.kind, one.props, one.money, one.times)


def _gathered(entries: Iterable[Entry]) -> Iterator[Entry]:
    """Yield entries; several in a row of what somebody looked at, of one kind, as one."""
    for kind, run in groupby(entries, lambda one: one.kind if isinstance(one, Happened) else ""):
        found = list(run)
        alike = [one for one in found if isinstance(one, Happened)]
        if kind in SHOWN["looked"] and len(alike) >= _MANY:
            times = sum(one.times for one in alike)
            yield msgspec.structs.replace(alike[-1], times=times, among=tuple(map(_looked, alike)))
        else:
            yield from found


def veiled(days: list[Day], hidden: Collection[str]) -> list[Day]:
    """Return a conversation without what was said in some facts, for whoever need not see it.

    An answer that holds no longer does not say which fact it was: it is left out, too.
    """
    if not hidden:
        return days
    return [Day(day.day, [_veiled(entry, hidden) for entry in day.entries]) for day in days]


def _veiled(entry: Entry, hidden: Collection[str]) -> Entry:
    if isinstance(entry, Said):
        answers = tuple(
            msgspec.structs.replace(one, words=HIDDEN)
            if one.fact is None or one.fact.name in hidden or one.name in hidden
            else one
            for one in entry.answers
        )
        return msgspec.structs.replace(entry, answers=answers)
    if isinstance(entry, Spoken) and any(name in hidden for name in entry.used):
        return msgspec.structs.replace(entry, text=HIDDEN, subject=HIDDEN, used={})
    return entry


def _said_once(events: Iterable[Event]) -> list[Event]:
    """Tell what was said once: what a confirmed address says again, as verified, stands where it was said at first."""
    told: dict[object, Event] = {}
    for event in events:
        if not event.props:  # it was cut down to kind and day
            told[event.seq] = event
            continue
        if event.kind == FACT_STATED:  # the same thing under each of its names
            told.setdefault((event.at, event.props.get("words")), event)
            continue
        answered = event.kind == FORM_ANSWERED
        key = (event.props.get("response"), event.at) if answered else event.seq
        first = told.get(key)
        told[key] = msgspec.structs.replace(event, props=_with_consents(event, first)) if first else event
    return list(told.values())


def _with_consents(event: Event, first: Event) -> dict[str, Any]:
    return {**event.props, "consents": first.props.get("consents", [])}


def _same(one: Happened, other: Happened) -> bool:
    """Tell whether two happenings read the same, so that they may stand there as one, with a number."""
    told = [(it.kind, it.money, *(it.props.get(word) for word in _TOLD)) for it in (one, other)]
    return told[0] == told[1]


def _entry(event: Event, facts: dict[tuple[int, str], Fact], written: Mapping[int, Rendered]) -> Entry:
    if not event.props:
        return Happened(event.seq, event.at, event.kind, event.props, None)
    if event.kind == FORM_ANSWERED:
        return _said(event, facts)
    if event.kind in _SPOKEN:
        return _spoken(event, written)
    if event.kind == FACT_STATED and event.props.get("said", True):
        return _stated(event, facts)
    return Happened(event.seq, event.at, event.kind, event.props, money(event.props))


def _said(event: Event, facts: dict[tuple[int, str], Fact]) -> Said:
    answers = [
        Answer(str(one["title"]), str(one["words"]), facts.get((event.seq, str(one["words"]))))
        for one in event.props.get("answers", [])
    ]
    consents = [str(one["words"]) for one in event.props.get("consents", []) if one["granted"]]
    verified = bool(event.props.get("verified"))
    return Said(event.seq, event.at, str(event.props.get("title", "")), tuple(answers), tuple(consents), verified)


def _stated(event: Event, facts: dict[tuple[int, str], Fact]) -> Said:
    words, by = str(event.props["words"]), str(event.props.get("by", ""))
    name, label = str(event.props["name"]), str(event.props.get("label", ""))
    answer = Answer(label, words, facts.get((event.seq, words)), name)
    return Said(event.seq, event.at, "", (answer,), (), verified=True, place="team" if by else "page", by=by)


def _spoken(event: Event, written: Mapping[int, Rendered]) -> Spoken:
    message_id = int(event.props["message"])
    shown = written.get(message_id)
    return Spoken(
        seq=event.seq,
        at=event.at,
        message_id=message_id,
        subject=str(event.props.get("subject", "")),
        text=unsigned(shown.text) if shown else "",
        used=shown.used.told if shown else {},
        uncertain=event.kind == MESSAGE_UNCERTAIN,
    )
