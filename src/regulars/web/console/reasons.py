"""Why customers entered segments or left them, in the words of whoever is at a desk."""

from collections.abc import Hashable, Iterable, Mapping
from typing import Any, TypeVar

from babel import dates

from regulars.store.database import Tx
from regulars.store.records import Event
from regulars.understand.reason_phrases import Telling, reasons_in_words
from regulars.understand.reasoning import said_at
from regulars.web.console.desk import Desk
from regulars.web.console.offering import called_here
from regulars.web.i18n import babel_locale, translator
from regulars.words.kinds import SEGMENT_ENTERED, SEGMENT_LEFT

_MOVING = (SEGMENT_ENTERED, SEGMENT_LEFT)
Key = TypeVar("Key", bound=Hashable)


def in_words(desk: Desk, tx: Tx, told: Mapping[Key, tuple[int, Any]]) -> dict[Key, str]:
    """Return in a few words the reasons of customers, as (customer, reasons); without those that may not be told."""
    there = {key: one for key, one in told.items() if one[1]}
    if not there:
        return {}
    locale = babel_locale(desk.locale)
    telling = Telling(
        translator(desk.locale),
        lambda day: dates.format_date(day, "long", locale=locale),
        called_here(desk, tx),
        said_at(tx, there.values()),
    )
    found = {key: " · ".join(reasons_in_words(telling, reasons)) for key, (_, reasons) in there.items()}
    return {key: words for key, words in found.items() if words}


def of_events(desk: Desk, tx: Tx, customer: int, events: Iterable[Event]) -> dict[int, str]:
    """Return why a customer entered segments or left them, by the events that say so."""
    return in_words(desk, tx, {one.seq: (customer, one.props.get("why")) for one in events if one.kind in _MOVING})
