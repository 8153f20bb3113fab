"""One screen's input becomes a typed answer, or an error to show beside the question; and the words it was said in."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from babel import Locale, dates, lists, numbers

from regulars.engage.questions import Choice, Question
from regulars.words.errors import Invalid

Value = str | int | float | bool | list[str | float]
Gettext = Callable[[str], str]

_EMAIL = re.compile(r"[^@\s,;:<>()\[\]\"\\]{1,64}@(?:[^@\s.,;:<>()\[\]\"\\]{1,63}\.)+[^@\s.,;:<>()\[\]\"\\\d]{2,63}")
_NUMBER = re.compile(r"[+-]?\d{1,15}(?:\.\d{1,10})?", re.ASCII)
_PHONE = re.compile(r"\+?[\d\s()./-]{5,30}", re.ASCII)
_CONTROLS = frozenset({"Cc", "Cs"})


def check(question: Question, given: Sequence[str]) -> Value | None:
    """Return the typed answer in what a page's field gave (a list for several ticked), or None for no answer.

    Raise Invalid with what to show beside the question. An unticked consent is no answer: it withdraws nothing.
    """
    texts = [text for raw in given if (text := _tidy(raw, lines=question.type == "comment"))]
    if not texts:
        if question.required:
            raise Invalid("Please answer this question: the next ones build on it.")
        return None
    if question.type == "checkbox":
        wanted = set(texts)
        ticked = [choice.value for choice in question.choices if str(choice.value) in wanted]
        if len(ticked) < len(wanted):
            raise Invalid("Please choose from the answers in the list.")
        return ticked
    if len(texts) > 1:
        raise Invalid("Please choose one answer.")
    if question.choices:
        return _chosen(question.choices, texts[0])
    return _CHECKS.get(question.kind, _text)(question, texts[0])


def as_typed(question: Question, value: Any) -> list[str]:
    """Return a value as the page's field would send it; a choice as the list has it, where it is there."""
    if value is None:
        return []
    if isinstance(value, bool):
        return ["true" if value else "false"]
    if isinstance(value, list):
        items: list[Any] = value
        return [text for one in items for text in as_typed(question, one)]
    chosen = next((choice.value for choice in question.choices if choice.value == value), value)
    return [str(chosen)]


def still_taken(question: Question, value: Any) -> Any:
    """Return what a question would still take of an answer given before, or None; of what was ticked, what is there."""
    if question.consent:
        return value if isinstance(value, bool) else None
    if isinstance(value, list):
        offered = {choice.value for choice in question.choices}
        kept: list[Any] = [one for one in value if one in offered]  # pyright: ignore[reportUnknownVariableType]
        return kept if question.type == "checkbox" and kept else None
    try:
        taken = check(question, as_typed(question, value))
    except Invalid:
        return None
    return value if taken == value else None


def words(question: Question, value: Any, locale: str, gettext: Gettext) -> str:
    """Return an answer in the words the customer read or typed, in the language they read."""
    if isinstance(value, list):
        texts = [_choice_words(question, one, locale) for one in value]
        return lists.format_list(texts, locale=_babel(locale))
    if question.choices:
        return _choice_words(question, value, locale)
    if question.kind == "boolean":
        label = (question.high if value else question.low).at(locale)
        return label or (gettext("Yes") if value else gettext("No"))
    if question.kind == "date":
        return dates.format_date(date.fromisoformat(value), "long", locale=_babel(locale))
    if question.kind == "number":
        return numbers.format_decimal(value, locale=_babel(locale))
    return str(value)


def _choice_words(question: Question, value: Any, locale: str) -> str:
    return next((choice.text.at(locale) for choice in question.choices if choice.value == value), str(value))


def _babel(locale: str) -> Locale:
    """Return Babel's locale. Bare English is written as most of the world writes it: 14 May 2026."""
    language, _, region = locale.replace("-", "_").partition("_")
    if language == "en" and region in {"", "XA"}:
        return Locale.parse("en_GB")
    return Locale.parse(language if region == "XB" else f"{language}_{region}".rstrip("_"))


def _tidy(raw: str, *, lines: bool) -> str:
    text = raw.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(char if char in "\n\t" or unicodedata.category(char) not in _CONTROLS else " " for char in text)
    return kept.strip() if lines else " ".join(kept.split())


def _chosen(choices: Sequence[Choice], text: str) -> Value:
    for choice in choices:
        if str(choice.value) == text:
            return choice.value
    raise Invalid("Please choose one of the answers in the list.")


def _text(question: Question, text: str) -> Value:
    if len(text) > question.longest:
        raise Invalid("At most {most} characters, please; this has {length}.", most=question.longest, length=len(text))
    if question.input == "email":
        if not _EMAIL.fullmatch(text):
            raise Invalid("This does not look like an e-mail address. It should be like name@example.com.")
        return text.casefold()
    if question.input == "tel" and not _PHONE.fullmatch(text):
        raise Invalid("This does not look like a phone number. It should be like +44 20 7946 0018.")
    return text


def _number(question: Question, text: str) -> Value:
    plain = text.replace(" ", "").replace(",", ".")
    if not _NUMBER.fullmatch(plain):
        raise Invalid("Please write a number, such as 12 or 12.5.")
    value = float(plain) if "." in plain else int(plain)
    _within(question, value)
    _in_steps(question, value)
    return value


def _in_steps(question: Question, value: float) -> None:
    """Raise Invalid for what is no whole number of steps from the least on, as HTML has it (no float is 0.3)."""
    if question.step is None:
        return
    least = question.least if isinstance(question.least, int | float) else 0
    if (Fraction(str(value)) - Fraction(str(least))) % Fraction(str(question.step)) == 0:
        return
    if question.step == 1 and float(least).is_integer():
        raise Invalid("Please write a whole number, such as 12.")
    raise Invalid("Please write a number in steps of {step}, from {least}.", step=str(question.step), least=str(least))


def _date(question: Question, text: str) -> Value:
    try:
        value = date.fromisoformat(text)
    except ValueError:
        raise Invalid("Please write the date as year-month-day, such as 2026-05-31.") from None
    _within(question, value)
    return value.isoformat()


def _within(question: Question, value: Any) -> None:
    if question.least is not None and value < question.least:
        raise Invalid("Please choose {least} or more.", least=str(question.least))
    if question.most is not None and value > question.most:
        raise Invalid("Please choose {most} or less.", most=str(question.most))


def _boolean(question: Question, text: str) -> Value | None:
    if text not in {"true", "false"}:
        raise Invalid("Please answer with yes or no.")
    return None if question.consent and text == "false" else text == "true"


_CHECKS: dict[str, Callable[[Question, str], Value | None]] = {
    "text": _text,
    "number": _number,
    "date": _date,
    "boolean": _boolean,
}
