"""Pauses from messages, as people read them: on customers' pages and in the console."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from babel import dates

from regulars.engage import pausing
from regulars.store.database import Tx
from regulars.web.i18n import babel_locale, translator

END = "end"
"""The choice that ends a pause."""


def lengths(gettext: Callable[[str], str]) -> list[tuple[str, str]]:
    """Return how long a pause may be, each in words."""
    words = {"week": gettext("1 week"), "month": gettext("30 days"), "quarter": gettext("3 months")}
    return [(one, words[one]) for one in pausing.LENGTHS]


def choose(
    tx: Tx, identity_id: int, choice: str, *, how: str, locale: str, zone: str, now: datetime, words: str = ""
) -> datetime | None:
    """Begin a pause of the length that was chosen, or end it; return until when it lasts.

    Its words are those that the button led to read, unless others are given. Raise Invalid for another choice. The
    last thing of its transaction.
    """
    gettext = translator(locale).gettext
    if choice == END:
        pausing.end(tx, identity_id, words or gettext("Go on now"), how, now)
        return None
    until = pausing.end_of(choice, now, zone)
    day = dates.format_date(until.astimezone(ZoneInfo(zone)), "long", locale=babel_locale(locale))
    pausing.begin(tx, identity_id, until, words or gettext("No messages until %(day)s") % {"day": day}, how, now)
    return until
