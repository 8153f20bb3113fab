"""One question of a form, read from a SurveyJS element into a frozen value, or refused with the place and the mend."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import msgspec

from regulars.engage.conditions import Condition
from regulars.engage.localised import NOTHING, Localised, parse_localised
from regulars.remember.facts import FactKind
from regulars.words.errors import Invalid
from regulars.words.names import is_purpose

Bound = int | float | date | None

TYPES = ("radiogroup", "checkbox", "rating", "text", "comment", "boolean", "dropdown")
INPUTS = ("text", "email", "number", "date", "tel")
_KINDS: dict[str, FactKind] = {"number": "number", "date": "date"}
LONGEST_TEXT = 10_000
LONGEST_EMAIL = 254
MOST_CHOICES = 500
MOST_RATES = 20
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,60}")
_FACT = re.compile(r"[a-z][a-z0-9_]{0,60}")
_RESERVED = frozenset({"m", "visitor"})
_NOT_KNOWN = (
    "choicesByUrl", "choicesFromQuestion", "enableIf", "hasNone", "hasOther", "hasSelectAll", "maskType",
    "maxSelectedChoices", "minSelectedChoices", "requiredIf", "setValueExpression", "setValueIf", "showNoneItem",
    "showOtherItem", "showSelectAllItem", "validators", "valueName",
)  # fmt: skip
"""What would change the meaning of an answer and is not understood: ignoring it would be worse than refusing it."""


class Choice(msgspec.Struct, frozen=True):
    """One of the answers to choose from."""

    value: str | float
    text: Localised


class Consent(msgspec.Struct, frozen=True):
    """What ticking the box permits."""

    purpose: str
    channel: str


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """One question: what it says, what may be answered, and what becomes of the answer."""

    name: str
    type: str
    title: Localised
    kind: FactKind
    """The kind of the fact that an answer becomes."""
    help: Localised = NOTHING
    placeholder: Localised = NOTHING
    required: bool = False
    shown_if: Condition | None = None
    input: str = "text"
    choices: tuple[Choice, ...] = ()
    least: Bound = None
    most: Bound = None
    step: int | float | None = None
    """What a number is counted in, from `least` on; None: any number."""
    longest: int = LONGEST_TEXT
    low: Localised = NOTHING
    """What the lowest rating, or No, means."""
    high: Localised = NOTHING
    """What the highest rating, or Yes, means."""
    fact: str | None = None
    consent: Consent | None = None

    def meaning(self, choice: Choice, locale: str) -> str:
        """Return what a step of a rating means; '' for all but its ends."""
        ends = {self.choices[-1].value: self.high, self.choices[0].value: self.low}
        return ends.get(choice.value, NOTHING).at(locale)


Element = Mapping[str, Any]


def parse_question(element: Any, place: str, shown_if: Condition | None) -> Question:
    """Read one SurveyJS element. Raise Invalid for whatever cannot be asked here."""
    if not isinstance(element, Mapping):
        raise Invalid('{place}: a question is an object such as {{"type": "text", "name": "..."}}.', place=place)
    type_ = element.get("type")
    if type_ not in TYPES:
        raise Invalid(
            "{place}: the type '{type}' is not supported. Use one of {types}.",
            place=place, type=str(type_)[:40], types=", ".join(TYPES),
        )  # fmt: skip
    for strange in _NOT_KNOWN:
        if element.get(strange):
            raise Invalid("{place}: '{property}' is not supported. Leave it out.", place=place, property=strange)
    name = _named(element, place)
    return Question(
        name=name,
        type=type_,
        title=parse_localised(element.get("title"), f"{place}, title") or Localised({"default": name}),
        help=parse_localised(element.get("description"), f"{place}, description"),
        placeholder=parse_localised(element.get("placeholder"), f"{place}, placeholder"),
        required=_flag(element, "isRequired", place),
        shown_if=shown_if,
        fact=_fact(element, place),
        **_PARTS[type_](element, place),
    )


def _named(element: Element, place: str) -> str:
    name = element.get("name")
    if not isinstance(name, str) or not _NAME.fullmatch(name) or name in _RESERVED:
        raise Invalid(
            "{place}: the name '{name}' cannot be used. Use a to z, 0 to 9 and _, a letter first, 61 at most; "
            "'m' and 'visitor' are taken.",
            place=place, name=str(name)[:80],
        )  # fmt: skip
    return name


def _fact(element: Element, place: str) -> str | None:
    fact = element.get("fact")
    if fact is not None and (not isinstance(fact, str) or not _FACT.fullmatch(fact)):
        raise Invalid(
            "{place}: '{fact}' cannot be a fact's name. Use a to z, 0 to 9 and _, a letter first, 61 at most.",
            place=place, fact=str(fact)[:80],
        )  # fmt: skip
    return fact


def _flag(element: Element, name: str, place: str) -> bool:
    value = element.get(name, False)
    if not isinstance(value, bool):
        raise Invalid("{place}: '{property}' is true or false.", place=place, property=name)
    return value


def _whole(element: Element, name: str, place: str, default: int) -> int:
    value = element.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int):
        raise Invalid("{place}: '{property}' is a whole number.", place=place, property=name)
    return value


def _choice(item: Any, place: str) -> Choice:
    value, text = (item.get("value"), item.get("text")) if isinstance(item, Mapping) else (item, None)
    if isinstance(value, bool) or not isinstance(value, str | int | float) or value == "":
        raise Invalid('{place}: a choice is a text, a number, or {{"value": "...", "text": "..."}}.', place=place)
    if isinstance(value, str) and ("\0" in value or len(value) > 200):  # noqa: PLR2004
        raise Invalid("{place}: a choice's value may have 200 characters.", place=place)
    return Choice(value, parse_localised(text, f"{place}, text") or Localised({"default": str(value)}))


def _choices(items: Any, place: str, most: int = MOST_CHOICES) -> tuple[Choice, ...]:
    if not isinstance(items, list) or not 0 < len(items) <= most:
        raise Invalid("{place}: a list of 1 to {most} choices is needed.", place=place, most=most)
    choices = tuple(_choice(item, f"{place}, choice {number}") for number, item in enumerate(items, start=1))
    if len({str(choice.value) for choice in choices}) < len(choices):
        raise Invalid("{place}: two choices have the same value.", place=place)
    return choices


def _one_of(element: Element, place: str) -> dict[str, Any]:
    choices = _choices(element.get("choices"), place)
    return {"choices": choices, "kind": _kind_of(choices)}


def _some_of(element: Element, place: str) -> dict[str, Any]:
    return {"choices": _choices(element.get("choices"), place), "kind": "list"}


def _rating(element: Element, place: str) -> dict[str, Any]:
    if values := element.get("rateValues"):
        choices = _choices(values, place, MOST_RATES)
    else:
        low = _whole(element, "rateMin", place, 1)
        high = _whole(element, "rateMax", place, low + _whole(element, "rateCount", place, 5) - 1)
        if not low < high < low + MOST_RATES:
            raise Invalid("{place}: a rating has 2 to {most} steps.", place=place, most=MOST_RATES)
        choices = _choices(list(range(low, high + 1)), place, MOST_RATES)
    return {
        "choices": choices,
        "kind": _kind_of(choices),
        "low": parse_localised(element.get("minRateDescription"), f"{place}, minRateDescription"),
        "high": parse_localised(element.get("maxRateDescription"), f"{place}, maxRateDescription"),
    }


def _kind_of(choices: tuple[Choice, ...]) -> FactKind:
    return "text" if any(isinstance(choice.value, str) for choice in choices) else "number"


def _text(element: Element, place: str) -> dict[str, Any]:
    input_ = element.get("inputType", "text")
    if input_ not in INPUTS:
        raise Invalid(
            "{place}: the inputType '{type}' is not supported. Use one of {types}.",
            place=place, type=str(input_)[:40], types=", ".join(INPUTS),
        )  # fmt: skip
    kind: FactKind = _KINDS.get(input_, "text")
    least, most = (_bound(element.get(name), kind, f"{place}, {name}") for name in ("min", "max"))
    if least is not None and most is not None and least > most:  # pyright: ignore[reportOperatorIssue]
        raise Invalid("{place}: 'min' is above 'max', so nothing could be answered.", place=place)
    step = _step(element.get("step"), kind, place)
    longest = LONGEST_EMAIL if input_ == "email" else _longest(element, place)
    return {"input": input_, "kind": kind, "least": least, "most": most, "step": step, "longest": longest}


def _comment(element: Element, place: str) -> dict[str, Any]:
    return {"kind": "text", "longest": _longest(element, place)}


def _longest(element: Element, place: str) -> int:
    longest = _whole(element, "maxLength", place, LONGEST_TEXT)
    if longest == -1:  # SurveyJS: as many as the survey says, which for us is the default
        return LONGEST_TEXT
    if not 0 < longest <= LONGEST_TEXT:
        raise Invalid("{place}: 'maxLength' is 1 to {most}.", place=place, most=LONGEST_TEXT)
    return longest


def _bound(value: Any, kind: FactKind, place: str) -> Bound:
    if value is None or kind == "text":
        return None
    if kind == "number" and isinstance(value, int | float) and not isinstance(value, bool):
        return value
    if kind == "date" and isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise Invalid("{place}: this is not a {kind}. A date is written 2026-05-31.", place=place, kind=kind)


def _step(value: Any, kind: FactKind, place: str) -> int | float | None:
    if value in (None, "any") or kind == "text":
        return None
    if kind != "number" or isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
        raise Invalid("{place}: 'step' is a number above 0, for numbers only; 1 asks for whole numbers.", place=place)
    return value


def _boolean(element: Element, place: str) -> dict[str, Any]:
    said = {
        "kind": "boolean",
        "low": parse_localised(element.get("labelFalse"), f"{place}, labelFalse"),
        "high": parse_localised(element.get("labelTrue"), f"{place}, labelTrue"),
    }
    if (asked := element.get("consent")) is None:
        return said
    try:
        consent = msgspec.convert(asked, Consent, strict=True)
    except msgspec.ValidationError:
        consent = Consent("", "")
    if not (is_purpose(consent.purpose) and _FACT.fullmatch(consent.channel)):
        raise Invalid(
            '{place}: a consent names what is permitted: {{"purpose": "marketing", "channel": "email"}}.',
            place=place,
        )
    if element.get("isRequired"):
        raise Invalid("{place}: a consent must be free, so it cannot be required.", place=place)
    return {**said, "consent": consent}


_PARTS: dict[str, Callable[[Element, str], dict[str, Any]]] = {
    "radiogroup": _one_of,
    "dropdown": _one_of,
    "checkbox": _some_of,
    "rating": _rating,
    "text": _text,
    "comment": _comment,
    "boolean": _boolean,
}
