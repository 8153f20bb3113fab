"""What a value is, as a part of a sentence in the reader's language: of a fact, or of a property of an event."""

from collections.abc import Mapping
from gettext import NullTranslations
from typing import Any

from regulars.understand.rules import Bounds, Where

_AS_IT_IS: Mapping[str, str] = {}


def in_words(words: NullTranslations, value: object, called: Mapping[str, str] = _AS_IT_IS) -> str:
    """Say a value, by what it is called; a number that is called nothing else as it is."""
    _ = words.gettext
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    said = called.get(str(value), str(value))
    return _("“%(words)s”") % {"words": said} if isinstance(value, str) or said != str(value) else said


def whose(words: NullTranslations, thing: str, test: str, value: object, called: Mapping[str, str] = _AS_IT_IS) -> str:
    """Say of whom a thing is as it is tested."""
    _ = words.gettext
    match test, value:
        case "known", wanted:
            text = _("whose {fact} is known") if wanted else _("whose {fact} is not known")
        case "contradicting", wanted:
            text = _("of whom contradicting things are known of {fact}")
            text = text if wanted else _("of whom nothing contradicting is known of {fact}")
        case "bounds", Bounds(_low, None):
            text = _("whose {fact} is {low} or more")
        case "bounds", Bounds(None, _high):
            text = _("whose {fact} is {high} or less")
        case "bounds", _both:
            text = _("whose {fact} is from {low} to {high}")
        case _test, _value:
            text = {
                "in": _("whose {fact} is one of {values}"),
                "is": _("whose {fact} is {value}"),
                "is_not": _("whose {fact} is known and not {value}"),
                "contains": _("whose {fact} contains {value}"),
            }[test]
    return text.format(fact=thing, **_said(words, value, _AS_IT_IS if test == "contains" else called))


def where_in_words(words: NullTranslations, where: Where) -> str:
    """Say what a property is."""
    _ = words.gettext
    match where.test, where.value:
        case "known", wanted:
            text = _("{property} is named") if wanted else _("{property} is not named")
        case "bounds", Bounds(_low, None):
            text = _("{property} is {low} or more")
        case "bounds", Bounds(None, _high):
            text = _("{property} is {high} or less")
        case "bounds", _both:
            text = _("{property} is from {low} to {high}")
        case test, _value:
            text = {
                "in": _("{property} is one of {values}"),
                "is": _("{property} is {value}"),
                "is_not": _("{property} is named and not {value}"),
                "contains": _("{property} contains {value}"),
            }[test]
    return text.format(property=where.property, **_said(words, where.value, _AS_IT_IS))


def _said(words: NullTranslations, value: Any, called: Mapping[str, str]) -> dict[str, str]:
    match value:
        case Bounds(low, high):
            return {"low": in_words(words, low, called), "high": in_words(words, high, called)}
        case tuple():
            chosen: tuple[object, ...] = value
            return {"values": ", ".join(in_words(words, one, called) for one in chosen)}
        case _:
            return {"value": in_words(words, value, called)}
