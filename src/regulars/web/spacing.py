"""How often customers want to be written to, as people read it: on customers' pages and in the console."""

from collections.abc import Callable
from datetime import datetime

from regulars.engage import frequency
from regulars.store.database import Tx
from regulars.web.i18n import translator


def offered(gettext: Callable[[str], str]) -> list[tuple[str, str]]:
    """Return how often somebody may choose to be written to, each in words."""
    words = {
        None: gettext("Whenever there is something"),
        1: gettext("At most once a day"),
        7: gettext("At most once a week"),
        30: gettext("At most once in 30 days"),
    }
    return [(str(one or 0), words[one]) for one in frequency.OFFERED]


def choose(
    tx: Tx, identity_id: int, choice: str, *, how: str, locale: str, now: datetime, words: str = ""
) -> int | None:  # fmt: skip
    """Take what was chosen; return the days it comes to. Raise Invalid for another choice. The last of its transaction.

    Its words are those that stood beside the choice, unless others are given.
    """
    days = frequency.read(choice)
    shown = dict(offered(translator(locale).gettext))[choice]
    frequency.choose(tx, identity_id, days, words or shown, how, now)
    return days
