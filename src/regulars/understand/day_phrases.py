"""On which days something was done or learned, as a part of a sentence in the reader's language."""

from gettext import NullTranslations

from regulars.understand.rules import Days


def done_on(words: NullTranslations, done: str, days: Days) -> str:
    """Say when something was done."""
    _, ngettext = words.gettext, words.ngettext
    match days:
        case Days(within=int() as n):
            text = ngettext("{done} today", "{done} in the last {days} days", n)
        case Days(older_than=int() as n):
            text = ngettext("{done}, more than {days} day ago", "{done}, more than {days} days ago", n)
        case Days(between=(int(), int() as n)):
            text = ngettext("{done}, from {low} to {days} day ago", "{done}, from {low} to {days} days ago", n)
        case Days(since=str(), until=str()):
            n, text = 0, _("{done}, from {since} until {until}")
        case Days(since=str()):
            n, text = 0, _("{done}, on {since} or later")
        case Days(until=str()):
            n, text = 0, _("{done}, on {until} or before")
        case _:
            return done
    return text.format(done=done, **_numbers(days, n))


def learned_on(words: NullTranslations, known: str, days: Days) -> str:
    """Say when something was learned."""
    _, ngettext = words.gettext, words.ngettext
    match days:
        case Days(within=int() as n):
            text = ngettext("{known}, learned today", "{known}, learned in the last {days} days", n)
        case Days(older_than=int() as n):
            text = ngettext(
                "{known}, learned more than {days} day ago", "{known}, learned more than {days} days ago", n
            )
        case Days(between=(int(), int() as n)):
            text = ngettext(
                "{known}, learned from {low} to {days} day ago", "{known}, learned from {low} to {days} days ago", n
            )
        case Days(since=str(), until=str()):
            n, text = 0, _("{known}, learned from {since} until {until}")
        case Days(since=str()):
            n, text = 0, _("{known}, learned on {since} or later")
        case Days(until=str()):
            n, text = 0, _("{known}, learned on {until} or before")
        case _:
            return known
    return text.format(known=known, **_numbers(days, n))


def _numbers(days: Days, number: int) -> dict[str, object]:
    low = days.between[0] if days.between else 0
    return {"days": number, "low": low, "since": days.since, "until": days.until}
