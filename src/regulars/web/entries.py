"""Which entries of the audit log are asked for, as it stands in an address: who, what, on what, from when to when."""

from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlencode

import msgspec

from regulars.access.audit import Filter
from regulars.remember.customers import identities_of
from regulars.store.database import Tx
from regulars.web.numbers import number_in
from regulars.words.errors import Invalid, concerning


class Asked(msgspec.Struct, frozen=True):
    """What is asked for, as it was typed: `on` is a name, or a kind and a name such as customer:12."""

    who: str = ""
    action: str = ""
    on: str = ""
    since: str = ""
    until: str = ""

    @property
    def address(self) -> str:
        """The part of an address that asks for the same."""
        return urlencode(self.said)

    @property
    def said(self) -> dict[str, str]:
        """What was typed, without what was left empty."""
        return {key: value for key, value in msgspec.structs.asdict(self).items() if value}

    @property
    def customer(self) -> int | None:
        """The customer that is asked for, by number."""
        kind, _, name = self.on.partition(":")
        return number_in(name) if kind == "customer" else None


def wanted(tx: Tx, asked: Asked) -> Filter:
    """Return the filter for what is asked for; raise Invalid for a day that is none.

    Who is one customer now may have been several when it was noted: their entries are found by all their numbers.
    """
    kind, separator, name = asked.on.partition(":")
    names = [name if separator else asked.on] if asked.on else None
    if asked.customer is not None:
        names = [str(one.id) for one in identities_of(tx, asked.customer)] or names
    return Filter(
        who=asked.who or None,
        action=asked.action or None,
        kind=kind if separator else None,
        names=names,
        since=_day("since", asked.since),
        until=_day("until", asked.until, timedelta(days=1)),
    )


def _day(field: str, text: str, more: timedelta = timedelta()) -> datetime | None:
    if not text:
        return None
    with concerning(field):
        try:
            return datetime.combine(date.fromisoformat(text), datetime.min.time(), UTC) + more
        except (ValueError, OverflowError) as error:
            raise Invalid("'{day}' is no day. Write it as 2026-05-31.", day=text[:40]) from error
