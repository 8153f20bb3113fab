"""A rule as one plain sentence, in the reader's language."""

from collections.abc import Collection, Mapping
from gettext import NullTranslations

import msgspec

from regulars.understand.day_phrases import learned_on
from regulars.understand.done_phrases import done
from regulars.understand.rules import (
    EVER,
    TURNING,
    ConsentRule,
    EventRule,
    FactRule,
    Group,
    Leaf,
    ListRule,
    MessageRule,
    ReachableRule,
    Rule,
    SegmentRule,
    SequenceRule,
    StageRule,
)
from regulars.understand.value_phrases import in_words, whose

ENGLISH = NullTranslations()


class Called(msgspec.Struct, frozen=True):
    """What facts and their values are called where they have a name for people."""

    facts: Mapping[str, str] = {}
    values: Mapping[str, Mapping[str, str]] = {}
    """Of a fact: the words of the values that were there to choose."""
    segments: Mapping[str, str] = {}
    hidden: Collection[str] = frozenset()
    """Facts that the reader may not see: what is asked about them is not said."""


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
                said = self._group(rule, top=top)
            case FactRule():
                said = self._fact(rule)
            case EventRule() | SequenceRule() | MessageRule():
                said = done(self._words, rule)
            case StageRule():
                said = self._stage(rule)
            case SegmentRule():
                said = self._segment(rule)
            case ListRule(name):
                said = _("who are on the list {list}").format(list=in_words(self._words, name, self._called.segments))
            case ConsentRule():
                said = self._consent(rule)
            case ReachableRule():
                said = self._reachable(rule)
        return said

    def _segment(self, rule: SegmentRule) -> str:
        _ = self._words.gettext
        text = _("who are in the segment {segment}") if rule.member else _("who are not in the segment {segment}")
        return text.format(segment=in_words(self._words, rule.name, self._called.segments))

    def _stage(self, rule: StageRule) -> str:
        _ = self._words.gettext
        if rule.as_fact.name in self._called.hidden:
            return _("of whom a sensitive fact is asked")
        if not rule.category:
            return {
                "intent": _("who have something in mind (purchase stage: intent)"),
                "evaluation": _("who compare products (purchase stage: evaluation)"),
                "purchase": _("who are buying (purchase stage: purchase)"),
                "after_sale": _("who have bought of late (purchase stage: after-sale)"),
            }[rule.stage]
        text = {
            "intent": _("who have something in mind of {category} (purchase stage: intent)"),
            "evaluation": _("who compare products of {category} (purchase stage: evaluation)"),
            "purchase": _("who are buying of {category} (purchase stage: purchase)"),
            "after_sale": _("who have bought of {category} of late (purchase stage: after-sale)"),
        }[rule.stage]
        return text.format(category=in_words(self._words, rule.category))

    def _reachable(self, rule: ReachableRule) -> str:
        _ = self._words.gettext
        text = _("who can be reached by {channel}") if rule.reachable else _("who cannot be reached by {channel}")
        return text.format(channel=self._channel(rule.channel))

    def _consent(self, rule: ConsentRule) -> str:
        _ = self._words.gettext
        text = {
            "granted": _("who agreed to {purpose} by {channel}"),
            "withdrawn": _("who do not want {purpose} by {channel} any more"),
            "unsaid": _("who never said whether they want {purpose} by {channel}"),
        }[rule.state]
        return text.format(purpose=in_words(self._words, rule.purpose), channel=self._channel(rule.channel))

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
        if rule.name in self._called.hidden:
            return _("of whom a sensitive fact is asked")
        turned = rule.test in TURNING and rule.value is False
        if turned and (rule.sources or rule.days != EVER):
            said = self._fact(msgspec.structs.replace(rule, value=True))
            return _("of whom this is not true: {condition}").format(condition=said)
        thing = self._called.facts.get(rule.name) or rule.name
        said = whose(self._words, thing, rule.test, rule.value, self._called.values.get(rule.name, {}))
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
