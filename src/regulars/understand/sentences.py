"""A rule as one plain sentence, in the reader's language."""

from collections.abc import Mapping
from gettext import NullTranslations
from typing import Any

import msgspec

from regulars.understand.day_phrases import done_on, learned_on
from regulars.understand.rules import (
    EVER,
    TURNING,
    Bounds,
    ConsentRule,
    EventRule,
    FactRule,
    Group,
    Leaf,
    ReachableRule,
    Rule,
    SegmentRule,
)

ENGLISH = NullTranslations()


class Called(msgspec.Struct, frozen=True):
    """What facts and their values are called where they have a name for people."""

    facts: Mapping[str, str] = {}
    values: Mapping[str, Mapping[str, str]] = {}
    """Of a fact: the words of the values that were there to choose."""
    segments: Mapping[str, str] = {}


BY_NAME = Called()


def sentence(rule: Rule, words: NullTranslations = ENGLISH, called: Called = BY_NAME) -> str:
    """Say who is in a segment."""
    _ = words.gettext
    if rule == Group("all", ()):
        return _("Everybody.")
    said = _Speaker(words, called).clause(rule, top=True)
    return _("Customers {conditions}.").format(conditions=said)


def condition(rule: Leaf, words: NullTranslations = ENGLISH, called: Called = BY_NAME) -> str:
    """Say one condition of a rule."""
    return _Speaker(words, called).clause(rule, top=True)


class _Speaker:
    def __init__(self, words: NullTranslations, called: Called) -> None:
        self._words = words
        self._called = called

    def clause(self, rule: Rule, *, top: bool = False) -> str:
        _ = self._words.gettext
        match rule:
            case Group():
                return self._group(rule, top=top)
            case FactRule():
                return self._fact(rule)
            case EventRule():
                return self._event(rule)
            case SegmentRule(name, member):
                text = _("who are in the segment {segment}") if member else _("who are not in the segment {segment}")
                return text.format(segment=self._value(name, self._called.segments))
            case ConsentRule():
                return self._consent(rule)
            case ReachableRule(channel, reachable):
                text = _("who can be reached by {channel}") if reachable else _("who cannot be reached by {channel}")
                return text.format(channel=self._channel(channel))

    def _consent(self, rule: ConsentRule) -> str:
        _ = self._words.gettext
        text = {
            "granted": _("who agreed to {purpose} by {channel}"),
            "withdrawn": _("who do not want {purpose} by {channel} any more"),
            "unsaid": _("who never said whether they want {purpose} by {channel}"),
        }[rule.state]
        return text.format(purpose=self._value(rule.purpose), channel=self._channel(rule.channel))

    def _channel(self, name: str) -> str:
        _ = self._words.gettext
        return _("e-mail") if name == "email" else name

    def _group(self, group: Group, *, top: bool) -> str:
        _ = self._words.gettext
        if not group.clauses:
            return _("who are anybody")
        parts = [self.clause(one, top=len(group.clauses) == 1 and top) for one in group.clauses]
        if group.need == "none":
            return _("of whom none of this is true: {conditions}").format(conditions=f"({'; '.join(parts)})")
        said = (_(" and ") if group.need == "all" else _(" or ")).join(parts)
        return said if top or len(parts) == 1 else f"({said})"

    def _fact(self, rule: FactRule) -> str:
        _ = self._words.gettext
        turned = rule.test in TURNING and rule.value is False
        if turned and (rule.sources or rule.days != EVER):
            said = self._fact(msgspec.structs.replace(rule, value=True))
            return _("of whom this is not true: {condition}").format(condition=said)
        values: dict[str, Any] = {"fact": self._called.facts.get(rule.name) or rule.name}
        chosen_as = self._called.values.get(rule.name, {})
        match rule.test, rule.value:
            case "known", wanted:
                text = _("whose {fact} is known") if wanted else _("whose {fact} is not known")
            case "contradicting", wanted:
                text = (
                    _("of whom contradicting things are known of {fact}")
                    if wanted
                    else _("of whom nothing contradicting is known of {fact}")
                )
            case "bounds", Bounds(low, high):
                text = self._between(low, high)
                values |= {"low": self._value(low), "high": self._value(high)}
            case "in", tuple() as chosen:
                text = _("whose {fact} is one of {values}")
                values["values"] = ", ".join(self._value(one, chosen_as) for one in chosen)
            case test, value:
                text = {
                    "is": _("whose {fact} is {value}"),
                    "is_not": _("whose {fact} is known and not {value}"),
                    "contains": _("whose {fact} contains {value}"),
                }[test]
                values["value"] = self._value(value, {} if test == "contains" else chosen_as)
        said = text.format(**values)
        if rule.sources:
            said = _("{known} ({how})").format(
                known=said, how=_(" or ").join(self._sources()[one] for one in rule.sources)
            )
        return learned_on(self._words, said, rule.days)

    def _sources(self) -> dict[str, str]:
        _ = self._words.gettext
        return {
            "said": _("as they told us"),
            "did": _("as counted from what they did"),
            "inferred": _("as predicted"),
            "imported": _("as imported"),
        }

    def _between(self, low: object, high: object) -> str:
        _ = self._words.gettext
        if high is None:
            return _("whose {fact} is {low} or more")
        return _("whose {fact} is {high} or less") if low is None else _("whose {fact} is from {low} to {high}")

    def _event(self, rule: EventRule) -> str:
        _ = self._words.gettext
        text = self._times(rule.bounds) if rule.measure == "count" else self._amount(rule.bounds)
        said = text.format(
            event=self._value(rule.kind), low=self._value(rule.bounds.at_least), high=self._value(rule.bounds.at_most)
        )
        return done_on(self._words, said, rule.days)

    def _times(self, bounds: Bounds) -> str:
        _, ngettext = self._words.gettext, self._words.ngettext
        match bounds.at_least, bounds.at_most:
            case 0 | None, 0:
                return _("who never did {event}")
            case int() as low, None:
                return ngettext("who did {event}", "who did {event} at least {low} times", low)
            case low, int() as high if low == high:
                return ngettext("who did {event} exactly once", "who did {event} exactly {high} times", high)
            case 0 | None, int() as high:
                return ngettext("who did {event} at most once", "who did {event} at most {high} times", high)
            case _:
                return _("who did {event} from {low} to {high} times")

    def _amount(self, bounds: Bounds) -> str:
        _ = self._words.gettext
        match bounds.at_least, bounds.at_most:
            case _low, None:
                return _("whose {event} comes to {low} or more")
            case None, _high:
                return _("whose {event} comes to {high} or less")
            case low, high if low == high:
                return _("whose {event} comes to exactly {low}")
            case _:
                return _("whose {event} comes to between {low} and {high}")

    def _value(self, value: object, called: Mapping[str, str] | None = None) -> str:
        _ = self._words.gettext
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        return f"“{(called or {}).get(value, value)}”" if isinstance(value, str) else str(value)
