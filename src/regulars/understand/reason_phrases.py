"""Why somebody entered a segment or left it, as a few words in the reader's language."""

from collections.abc import Callable, Mapping
from datetime import date
from gettext import NullTranslations
from typing import Any

import msgspec

from regulars.understand.day_phrases import done_on
from regulars.understand.operands import days_in
from regulars.understand.rules import Days
from regulars.understand.sentences import Called
from regulars.understand.value_phrases import in_words


class Telling(msgspec.Struct, frozen=True):
    """How reasons are told: in which words, how a day is written, what things are called, and what was said when."""

    words: NullTranslations
    day: Callable[[date], str]
    called: Called
    said: Mapping[tuple[str, int], str]


def reasons_in_words(telling: Telling, reasons: Any) -> list[str]:
    """Return what reasons say, as they stand in an event; nothing of what cannot be read, or may not be told."""
    listed: list[Any] = reasons if isinstance(reasons, list) else []
    return list(dict.fromkeys(filter(None, (_reason(telling, one) for one in listed if isinstance(one, dict)))))


def _reason(telling: Telling, one: dict[str, Any]) -> str:
    _ = telling.words.gettext
    match one:
        case {"by": by}:
            return {
                "again": _("everything was counted again"),
                "customer.merged": _("Two records turned out to be the same person"),
                "customer.split": _("A merge was undone: two records are two people"),
                "restriction.changed": _("whether what we know is used has changed"),
            }.get(by, "")
        case {"condition": {"fact": str() as name}} if name in telling.called.hidden:
            return ""
        case {"condition": dict() as condition, "passed": int() as passed}:
            return _time(telling, condition, passed, one)
        case {"condition": {"fact": str() as name}}:
            return _fact(telling, name, one)
        case {"condition": dict() as condition}:
            return _happened(telling, condition, one)
        case _:
            return ""


def _thing(telling: Telling, condition: Mapping[str, Any]) -> str:
    """Say what a condition is about."""
    _ = telling.words.gettext
    match condition:
        case {"fact": str() as name}:
            thing = telling.called.facts.get(name) or name
        case {"event": str() as name} | {"consent": str() as name}:
            thing = in_words(telling.words, name)
        case {"sequence": [*kinds]}:
            thing = _(", then ").join(in_words(telling.words, kind) for kind in kinds)
        case {"message": str() as became}:
            thing = {
                "sent": _("a message to them"),
                "refused": _("a message that they may not be sent"),
                "bounced": _("a message that came back"),
                "answered": _("an answer to a message"),
                "opened": _("a message that they opened"),
                "clicked": _("a link that they followed"),
            }.get(became, "")
        case {"reachable": str() as channel}:
            thing = _("e-mail address") if channel == "email" else channel
        case _:
            thing = ""
    return thing


def _time(telling: Telling, condition: Mapping[str, Any], passed: int, one: Mapping[str, Any]) -> str:
    words, thing = telling.words, _thing(telling, condition)
    if one.get("number") == 0 and "within_days" in condition:
        text = words.ngettext("{days} day passed without {event}", "{days} days passed without {event}", passed)
    else:
        text = words.ngettext("{days} day passed since {event}", "{days} days passed since {event}", passed)
    return text.format(days=passed, event=thing)


def _fact(telling: Telling, name: str, one: Mapping[str, Any]) -> str:
    _ = telling.words.gettext
    thing, source = _thing(telling, {"fact": name}), one.get("source")
    how = {
        "said": _("as they told us"),
        "did": _("as counted from what they did"),
        "inferred": _("as predicted"),
        "imported": _("as imported"),
    }.get(str(source), "")
    if not how:
        return _("{fact} is not known any more").format(fact=thing)
    said = telling.said.get((name, int(one.get("seq") or 0)))
    if said is not None:
        said = telling.called.values.get(name, {}).get(said, said)
        thing = _("{fact}: {words}").format(fact=thing, words=said)
    return _("{known} ({how})").format(known=thing, how=how)


def _happened(telling: Telling, condition: Mapping[str, Any], one: Mapping[str, Any]) -> str:
    _ = telling.words.gettext
    if isinstance(name := condition.get("list"), str):
        return _listed(telling, name, one)
    thing = _thing(telling, condition)
    if not thing or "day" not in one:
        return thing
    day = telling.day(date.fromisoformat(str(one["day"])))
    number = one.get("number")
    if not isinstance(number, int) or number < 1:
        return _("{event} on {day}").format(event=thing, day=day)
    said = _("{event} on {day} was number {number}").format(event=thing, day=day, number=number)
    return done_on(telling.words, said, _days(condition))


def _listed(telling: Telling, name: str, one: Mapping[str, Any]) -> str:
    _ = telling.words.gettext
    thing = in_words(telling.words, name, telling.called.segments)
    if "day" not in one:
        return _("the list {list}").format(list=thing)
    day, who = telling.day(date.fromisoformat(str(one["day"]))), str(one.get("who") or "")
    if one.get("holds"):
        text = _("put on the list {list} by {who} on {day}") if who else _("put on the list {list} on {day}")
    else:
        text = _("taken off the list {list} by {who} on {day}") if who else _("taken off the list {list} on {day}")
    return text.format(list=thing, who=who, day=day)


def _days(condition: Mapping[str, Any]) -> Days:
    return days_in(condition, "")
