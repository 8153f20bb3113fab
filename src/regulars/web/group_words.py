"""What sets a group of customers apart, in words of the reader's language: for pages, programs and the command line."""

from collections.abc import Callable, Collection, Iterable, Mapping

import msgspec

from regulars.remember import catalogue
from regulars.remember.catalogue import FactEntry
from regulars.store.database import Tx
from regulars.understand.grouping import Group, GroupDifference
from regulars.web.fact_words import values_at
from regulars.web.i18n import number_at, percent_at, translator
from regulars.web.wording import fact_called

_FINE = 100
_NAMELESS: Mapping[str, Mapping[str, str]] = {}


class Told(msgspec.Struct, frozen=True):
    """A difference: what it is about, and how it is in the group and among all, in words and as bars (0 to 1)."""

    about: str
    mine: str
    theirs: str
    own: float
    whole: float
    sentence: str


def differences_told(
    tx: Tx,
    groups: Iterable[Group],
    locale: str,
    hidden: Collection[str] = (),
    values: Mapping[str, Mapping[str, str]] = _NAMELESS,
) -> dict[int, list[Told]]:
    """Return by number what sets groups apart. `values`: by fact, what those values are called that have a name."""
    groups, values = list(groups), {**values_at(locale), **values}
    entries = catalogue.entries(tx, {one.fact for group in groups for one in group.differences})
    return {
        group.number: [
            _told(one, entries[one.fact], locale, values.get(one.fact, {}))
            for one in group.differences
            if one.fact not in hidden
        ]
        for group in groups
    }


def facts_called(tx: Tx, facts: Collection[str], locale: str) -> list[str]:
    """Return what facts are called."""
    gettext = translator(locale).gettext
    return [fact_called(name, gettext, one.called(locale)) for name, one in catalogue.entries(tx, facts).items()]


def _told(one: GroupDifference, entry: FactEntry, locale: str, values: Mapping[str, str]) -> Told:
    words = translator(locale)
    _ = words.gettext
    fact = fact_called(one.fact, _, entry.called(locale))
    match one.kind:
        case "share":
            about, shares = _("%(fact)s: %(value)s") % {"fact": fact, "value": _value(one.value, values, _)}, True
        case "unknown":
            about, shares = _("%(fact)s: not known") % {"fact": fact}, True
        case "average":
            about, shares = _("%(fact)s, on average") % {"fact": fact}, False
        case "days":
            about, shares = _("%(fact)s: how many days ago, in the middle") % {"fact": fact}, False
        case "middle":
            about, shares = _("%(fact)s, in the middle") % {"fact": fact}, False
    mine, theirs = (percent_at(n, locale) if shares else number_at(_rounded(n), locale) for n in (one.mine, one.theirs))
    most = 1.0 if shares else max(abs(one.mine), abs(one.theirs))
    said = _("%(about)s: %(mine)s (all: %(theirs)s)") % {"about": about, "mine": mine, "theirs": theirs}
    return Told(about, mine, theirs, max(one.mine, 0) / most, max(one.theirs, 0) / most, said)


def _value(value: str, values: Mapping[str, str], gettext: Callable[[str], str]) -> str:
    if value in {"true", "false"}:
        return gettext("yes") if value == "true" else gettext("no")
    return gettext("“%(words)s”") % {"words": values.get(value, value)}


def _rounded(number: float) -> float:
    return round(number, 1) if abs(number) < _FINE else round(number)
