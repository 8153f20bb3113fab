"""Rows of customers: who they are by all their identifiers, what is known of them, what they allowed and when."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

import msgspec

from regulars.hear.identities import Pair
from regulars.hear.imports.cells import objects, typed
from regulars.hear.imports.fields import CONSENT, FACT
from regulars.hear.imports.past import Columns, Item, Made, Past, encoded
from regulars.hear.imports.plan import Plan, Unreadable
from regulars.hear.listed import Listed
from regulars.words.ids import hash64
from regulars.words.kinds import CONSENT_CHANGED, IDENTIFY, LIST_CHANGED

IMPORTED = "imported"
"""How a consent of a file was said: elsewhere, before it came here."""
_LONGEST_SOURCE = 500
_ADDRESS = {"email": "email", "sms": "phone", "phone": "phone"}
NO_DATE = Unreadable("taken without its consent: it says no date").text
NO_SOURCE = Unreadable("taken without its consent: it says no source").text
"""As errors they are texts of the catalogue."""


_Agreed = tuple[tuple[str, str], bool, datetime | None, str]
"""About what, whether granted, when, and why it cannot be taken."""


class Customers:
    """Makes an `identify` of each row, and a statement for each consent that has a date and a source."""

    def __init__(self, columns: Columns, plan: Plan, now: datetime, by: str) -> None:
        self._columns = columns
        self._plan = plan
        self._now = now
        self._listed = msgspec.json.encode(Listed(plan.on_list, on=True, by=by)) if plan.on_list else b""
        self._as_of = plan.as_of or now
        self._facts = typed(columns, FACT)
        self._abouts = {
            place: _about(target.partition(":")[2]) or (plan.purpose, plan.channel)
            for place, target in enumerate(columns.targets)
            if target == CONSENT or target.startswith(f"{CONSENT}:")
        }
        self._dated = bool(columns.places.keys() & {"granted_at", "withdrawn_at", "refused"})

    def items(self, rows: Iterable[tuple[int, Sequence[Any]]]) -> Iterator[Item]:
        """Take every row by itself."""
        for number, row in rows:
            yield number, number, [row]

    def make(self, item: Item) -> Made:
        """Make the events of a row: what it says of somebody, then what they allowed."""
        row, columns = item[2][0], self._columns
        who = columns.who(row)
        stated = columns.read(row, "at", self._moment) if columns.place("at") is not None else None
        traits = objects(columns, row, "facts") | {
            name: value for name, read in self._facts.items() if (value := read(row)) not in (None, "", [])
        }
        if email := next((value for kind, value in who if kind == "email"), ""):
            traits["email"] = email
        text = encoded(traits)
        told = b"\0".join([b"customer", msgspec.json.encode(who), text])
        said = Past(
            who[0], IDENTIFY, stated or self._as_of, hash64(told), text, tuple(who[1:]), whenever=stated is None
        )
        agreed = self._said(row)
        pasts = [said, *self._consents(row, who, agreed), *self._put(who[0])]
        return pasts, next((one[3] for one in agreed if one[3]), columns.lost)

    def _put(self, who: Pair) -> Iterator[Past]:
        """Put somebody on the list of the file when it was brought: whoever is taken off later stays off."""
        if self._listed:
            told = b"\0".join([b"list", msgspec.json.encode([*who, self._now]), self._listed])
            yield Past(who, LIST_CHANGED, self._now, hash64(told), self._listed)

    def _moment(self, cell: Any) -> datetime | None:
        return None if cell in (None, "") else self._columns.values.moment(cell)

    def _consents(self, row: Sequence[Any], who: list[Pair], agreed: list[_Agreed]) -> Iterator[Past]:
        for about, granted, at, problem in agreed:
            if problem:
                continue
            purpose, channel = about
            address = next((pair for pair in who if pair[0] == _ADDRESS.get(channel)), who[0])
            words = self._source(row)
            said = {"purpose": purpose, "channel": channel, "granted": granted, "words": words, "how": IMPORTED}
            text = encoded(said)
            moment = at or self._as_of
            told = b"\0".join([b"consent", msgspec.json.encode([*address, at]), text])
            yield Past(address, CONSENT_CHANGED, moment, hash64(told), text, whenever=at is None)

    def _said(self, row: Sequence[Any]) -> list[_Agreed]:
        """Return what a row says of consents: about what, whether granted, when, and why it cannot be taken."""
        columns = self._columns
        granted_at, withdrawn_at = (
            columns.read(row, target, self._moment) if columns.place(target) is not None else None
            for target in ("granted_at", "withdrawn_at")
        )
        refused = columns.place("refused") is not None and columns.read(row, "refused", columns.values.refused)
        states = {about: columns.at(row, place, columns.values.agreed) for place, about in self._abouts.items()}
        if not states and self._dated:
            states[(self._plan.purpose, self._plan.channel)] = None
        found: list[_Agreed] = []
        for about, state in states.items():
            if (
                refused
                or state is False
                or (state is None and withdrawn_at and withdrawn_at >= (granted_at or withdrawn_at))
            ):
                found.append((about, False, withdrawn_at, ""))
            elif state or (state is None and granted_at and not self._abouts):
                problem = NO_DATE if granted_at is None else "" if self._source(row) else NO_SOURCE
                found.append((about, True, granted_at, problem))
        return found

    def _source(self, row: Sequence[Any]) -> str:
        parts = (self._plan.source, self._columns.text(row, "consent_source"))
        words = ": ".join(part for part in parts if part)
        if len(words) > _LONGEST_SOURCE:
            raise Unreadable("a source of a consent longer than 500 characters")
        return words


def _about(text: str) -> tuple[str, str] | None:
    purpose, _, channel = text.partition("/")
    return (purpose, channel) if channel else None
