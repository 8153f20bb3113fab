"""Lists: segments of customers who are put on them by hand or from a file, and taken off.

A list is a segment whose rule is `{"list": KEY}`. Who is on it is said by events, a `list.changed` each, and the last
one holds; so merges, erasures, reasons and all that rests on segments follow as they do for any rule
(docs/adr/0041). The key is made once and never again: whoever was on a list that is gone is not on the next one of its
name.
"""

from collections.abc import Collection, Mapping
from datetime import datetime

import msgspec

from regulars.hear.listed import Listed
from regulars.store.database import Tx
from regulars.store.log import NewEvent, append
from regulars.understand import lists_records, records, turning
from regulars.understand.editing_records import add_version
from regulars.understand.lists_records import Listing
from regulars.understand.segments import Segment, check_title, get_segment
from regulars.words.errors import Conflict, Invalid, concerning
from regulars.words.kinds import LIST_CHANGED
from regulars.words.names import check_name

__all__ = ["MOST_AT_ONCE", "Listing", "among", "check", "key_of", "listed", "make", "names", "put", "titles"]

MOST_AT_ONCE = 5_000
"""The most customers that are put on a list, or taken off it, at once; more come from a file."""


def make(tx: Tx, name: str, title: str, now: datetime) -> Segment:
    """Make a list that nobody is on."""
    with concerning("title"):
        title = check_title(title)
    with concerning("name"):
        check_name(name)
        rule = {"list": f"{name}-{now:%Y%m%d-%H%M%S}"}
        number = records.add_segment(tx, name, title, rule, now)
        if number is None:
            raise Conflict("There is a segment '{name}' already. Take another name.", name=name)
    add_version(tx, number, now)
    if (seq := turning.hold(tx)) is not None:
        records.mark_asked(tx, [number], now.date(), seq)
    return get_segment(tx, name)


def key_of(segment: Segment) -> str:
    """Return the key of a list; raise Invalid for a segment that is none."""
    key = segment.rule.get("list")
    if not isinstance(key, str):
        raise Invalid("'{name}' is no list: who is in it follows from its rule.", name=segment.name)
    return key


def check(tx: Tx, key: str) -> None:
    """Raise Invalid where there is no list of a key; '' is none, and may be."""
    if key and key not in titles(tx):
        with concerning("list"):
            raise Invalid("There is no list '{name}'.", name=key[:80])


def listed(tx: Tx) -> list[Listing]:
    """Return every list that a segment is or was; nobody is counted."""
    return lists_records.lists(tx)


def titles(tx: Tx) -> dict[str, str]:
    """Return what each list is called, by its key; nobody is counted."""
    return {one.key: one.title for one in lists_records.lists(tx)}


def names(tx: Tx) -> dict[str, str]:
    """Return what each list is called that can be put on, by the name of its segment."""
    return {one.name: one.title for one in lists_records.lists(tx) if one.stands and one.name}


def among(tx: Tx, customer: int) -> Mapping[str, str]:
    """Return the lists that a customer is on: what each is called, by the name of its segment."""
    there = names(tx)
    return {name: there[name] for name in records.segments_of(tx, customer) if name in there}


def put(tx: Tx, name: str, customers: Collection[int], by: str, now: datetime, *, on: bool) -> list[int]:
    """Put customers on a list, or take them off; return those of whom that is new. The last thing of a transaction.

    Customers who are not there are left out.
    """
    segment = get_segment(tx, name)
    key = key_of(segment)
    if len(customers) > MOST_AT_ONCE:
        raise Invalid(
            "At most {most} customers at once. Bring more as a file, or make a segment of what they share.",
            most=MOST_AT_ONCE,
        )
    changed = lists_records.to_change(tx, segment.id, customers, on=on)
    said = msgspec.json.encode(Listed(key, on, by))
    append(tx, [NewEvent(one, now, LIST_CHANGED, said) for one in changed])
    return changed
