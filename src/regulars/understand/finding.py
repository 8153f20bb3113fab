"""Finding customers for lists: by words, segment, what is known, what they allow, and when they were last here.

What is wanted is a handful of short texts, as they stand in the address of a page and in `/api`; `no:` before one
wants all others. Lists are read on by the customer's number, so that a million rows cost what fifty do.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import msgspec

from regulars.remember.folding import fold, patterns, sought
from regulars.remember.followers import CONSENT
from regulars.store.database import Tx
from regulars.understand import finding_records
from regulars.understand.finding_records import Part, Seen, Told
from regulars.words.errors import Invalid, concerning

__all__ = [
    "LOOKED_AT",
    "Chosen",
    "Page",
    "Seen",
    "Told",
    "Wanted",
    "about_of",
    "abouts",
    "count",
    "count_all",
    "find",
    "find_and_count",
    "last",
    "some",
    "told_of",
]

LOOKED_AT = 10_000
"""The most customers that a list counts which something narrows: beyond that it says that there are more."""
_OTHERS = "no:"
_LONGEST = 200
_DAYS = 3650
_LAST = 2**63 - 1
_DIGITS = len(str(_LAST))


class Wanted(msgspec.Struct, frozen=True, omit_defaults=True):
    """Which customers a list shows: all of what is said must hold.

    `q`: words; `segment`: a name; `fact`: of whom it is known, or with `value` of whom that; `consent`: who may be
    written to, as 'purpose/channel'; `seen`: who was here within so many days.
    """

    q: str = ""
    segment: str = ""
    fact: str = ""
    value: str = ""
    consent: str = ""
    seen: str = ""

    @property
    def said(self) -> dict[str, str]:
        """What narrows the list at all."""
        return {key: value for key, value in msgspec.structs.asdict(self).items() if value}

    @property
    def noted(self) -> dict[str, str]:
        """What narrows the list, for the audit log: without what may be a customer's name or words."""
        return {key: "…" if key in {"q", "value"} else value for key, value in self.said.items()}


class Page(msgspec.Struct, frozen=True):
    """A part of a list, and whether it goes on at either end."""

    customers: list[Seen]
    earlier: bool
    later: bool


class Chosen(msgspec.Struct, frozen=True):
    """The customers that something is done with: some by number, or all that a list shows."""

    ids: tuple[int, ...] = ()
    wanted: Wanted | None = None

    @property
    def noted(self) -> dict[str, str | int]:
        """Which customers were meant, in a few words for the audit log."""
        return {"chosen": len(self.ids)} if self.wanted is None else {"all": "yes", **self.wanted.noted}


def turned(text: str) -> tuple[str, bool]:
    """Return what is asked for, and whether that or all others are wanted."""
    return text.removeprefix(_OTHERS), not text.startswith(_OTHERS)


def about_of(text: str) -> tuple[str, str]:
    """Return the purpose and channel of 'purpose/channel'; raise Invalid for what is none."""
    purpose, _, channel = text.partition("/")
    if not purpose or not channel:
        with concerning("consent"):
            raise Invalid("'{consent}' is no purpose and channel. Say it like marketing/email.", consent=text[:80])
    return purpose, channel


def days_of(text: str) -> int:
    """Return a number of days; raise Invalid for what is none."""
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(_DAYS)) and 1 <= int(text) <= _DAYS):
        with concerning("seen"):
            raise Invalid("'{seen}' is no number of days. Send 1 to {most}.", seen=text[:40], most=_DAYS)
    return int(text)


def find(
    tx: Tx, wanted: Wanted, now: datetime, *, limit: int, after: int | None = None, before: int | None = None,
    oldest: bool = False,
) -> Page:  # fmt: skip
    """Return the customers that come after one in a list, or before one; the newest first, or the oldest."""
    place, back = (before, True) if before is not None else (after, False)
    found = finding_records.wanted(tx, *_parts(tx, wanted, now), place, limit + 1, rising=oldest != back)
    return _page(tx, found, limit, place, back=back)


def find_and_count(
    tx: Tx, wanted: Wanted, now: datetime, *, limit: int, after: int | None = None, before: int | None = None,
    oldest: bool = False,
) -> tuple[Page, int]:  # fmt: skip
    """Return what `find` and `count` do: by looking once, where something narrows the list to few."""
    place, back = (before, True) if before is not None else (after, False)
    if not wanted.said:
        return find(tx, wanted, now, limit=limit, after=after, before=before, oldest=oldest), count(tx, wanted, now)
    total, found = finding_records.counted(
        tx, *_parts(tx, wanted, now), place, limit + 1, rising=oldest != back, most=LOOKED_AT + 1
    )
    if total > LOOKED_AT:  # it found any of them, and not the next ones; of so many these are near
        return find(tx, wanted, now, limit=limit, after=after, before=before, oldest=oldest), total
    return _page(tx, found, limit, place, back=back), total


def _page(tx: Tx, found: list[int], limit: int, place: int | None, *, back: bool) -> Page:
    """Return the page of the customers found next to a place, of which one too many shows that the list goes on."""
    more, found = len(found) > limit, found[:limit]
    seen = finding_records.seen_of(tx, found)
    customers = [seen[one] for one in (reversed(found) if back else found) if one in seen]
    return Page(customers, more if back else place is not None, True if back else more)


def count(tx: Tx, wanted: Wanted, now: datetime) -> int:
    """Return how many customers are wanted; where something narrows the list, at most one more than LOOKED_AT."""
    return finding_records.count_wanted(tx, *_parts(tx, wanted, now), LOOKED_AT + 1 if wanted.said else _LAST)


def count_all(tx: Tx, chosen: Chosen, now: datetime) -> int:
    """Return how many customers are chosen, however many that are."""
    if chosen.wanted is None:
        return len(chosen.ids)
    return finding_records.count_wanted(tx, *_parts(tx, chosen.wanted, now), _LAST)


def last(tx: Tx, chosen: Chosen, now: datetime) -> int:
    """Return the highest number among the chosen customers; 0 where there is none."""
    if chosen.wanted is None:
        return max(chosen.ids, default=0)
    found = finding_records.wanted(tx, *_parts(tx, chosen.wanted, now), None, 1, rising=False)
    return found[0] if found else 0


def some(tx: Tx, chosen: Chosen, now: datetime, *, after: int = 0, limit: int) -> list[int]:
    """Return the next of the chosen customers after one, by number: how whoever does something with all goes on."""
    if chosen.wanted is None:
        return finding_records.wanted_among(tx, chosen.ids, after, limit)
    return finding_records.wanted(tx, *_parts(tx, chosen.wanted, now), after, limit, rising=True)


def told_of(tx: Tx, ids: list[int]) -> list[tuple[Seen, Told]]:
    """Return what a file says of some customers, in their order."""
    seen, told = finding_records.seen_of(tx, ids), finding_records.told_of(tx, ids)
    return [(seen[one], told[one]) for one in ids if one in seen and one in told]


def abouts(tx: Tx) -> list[tuple[str, str]]:
    """Return every (purpose, channel) that anybody ever said something about."""
    return finding_records.abouts(tx)


def _parts(tx: Tx, wanted: Wanted, now: datetime) -> tuple[list[Part], dict[str, Any]]:
    parts: list[Part] = []
    values: dict[str, Any] = {}
    for part, held, given in _each(tx, wanted, now.date()):
        parts.append((part, held))
        values |= given
    return parts, values


def _each(tx: Tx, wanted: Wanted, today: date) -> Iterator[tuple[str, bool, dict[str, Any]]]:
    if folded := fold(wanted.q[:_LONGEST]):
        words = {"grams": sought(folded), "patterns": patterns(folded)}
        if folded.isascii() and folded.isdecimal() and len(folded) <= _DIGITS and int(folded) <= _LAST:
            yield "by_number", True, words | {"number": int(folded)}
        else:
            yield "by_words", True, words
    if wanted.segment:
        name, held = turned(wanted.segment)
        yield "by_segment", held, {"segment": name}
    if wanted.fact:
        name, held = turned(wanted.fact)
        value = wanted.value.strip()
        if finding_records.is_computed(tx, name):
            yield ("by_computed_value" if value else "by_computed"), held, {"fact": name, "value": value}
        else:
            yield ("by_value" if value else "by_fact"), held, {"fact": name, "value": value}
    if wanted.consent:
        text, held = turned(wanted.consent)
        purpose, channel = about_of(text)
        yield "by_consent", held, {"purpose": purpose, "channel": channel, "follower": CONSENT.name}
    if wanted.seen:
        text, held = turned(wanted.seen)
        yield "by_seen", held, {"day": today - timedelta(days=days_of(text) - 1)}
