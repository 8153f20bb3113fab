"""What is typed and chosen in the form composer, written into the survey that is composed.

The survey itself travels with the page; the fields of the one open question (`q.title` ...) lie over it. A field that
says what the survey says already changes nothing, so that what the page does not show stays as it was.
"""

import re
from collections.abc import Collection, Mapping
from typing import Any

from regulars.engage.kinds import CHOOSING, KINDRED, KINDS, kind_of
from regulars.engage.localised import DEFAULT
from regulars.engage.sheet import AUTOMATIC, Element, Sheet, slug
from regulars.engage.shown_if import FILLED, Chosen, Test, chosen, written
from regulars.engage.texts import put_text, text_in, with_text

TEXTS = {
    "title": "title",
    "help": "description",
    "placeholder": "placeholder",
    "yes": "labelTrue",
    "no": "labelFalse",
    "low": "minRateDescription",
    "high": "maxRateDescription",
}
"""The texts of a question: the field, and the property that it writes."""
_NUMBERS = {"least": "min", "most": "max", "step": "step"}
_MOST_TESTS = 20
_LONGEST_STEPS = 9
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8}){0,3}")


def apply(sheet: Sheet, form: Mapping[str, str], at: int | None, saved: Collection[str]) -> None:
    """Write what was typed into the survey: the form's own texts, and the question that is open.

    `saved`: the names of questions that are saved already, whose choices keep what they are called.
    """
    language = form.get("lang", "")
    if not _LANGUAGE.fullmatch(language):
        language = DEFAULT
    for name in ("title", "description"):
        if name in form:
            put_text(sheet.survey, name, language, form[name])
    if at is None or not 0 <= at < len(sheet.elements) or "q.title" not in form:
        return
    element = sheet.elements[at]
    for field, name in TEXTS.items():
        if f"q.{field}" in form:
            put_text(element, name, language, form[f"q.{field}"])
    _choices(element, form, language, kept=element.get("name") in saved)
    _how(element, form)
    _meaning(element, form)
    _shown_if(element, form)
    _name(sheet, at, form, saved)


def _choices(element: Element, form: Mapping[str, str], language: str, *, kept: bool) -> None:
    items: Any = element.get("choices")
    if kind_of(element) not in CHOOSING:
        return
    items = items if isinstance(items, list) else []
    changed: list[Any] = []
    for number, item in enumerate(items):
        typed = form.get(f"q.choice.{number}")
        changed.append(item if typed is None else _choice(item, typed, language, kept=kept))
    taken = {str(_value(item)) for item in changed}
    for line in form.get("q.more", "").splitlines():
        if text := line.strip():
            value = slug(text, taken, 60) or text[:200]
            taken.add(value)
            changed.append({"value": value, "text": text if language == DEFAULT else {DEFAULT: text, language: text}})
    if changed != items:
        element["choices"] = changed


def _value(item: Any) -> Any:
    return item.get("value") if isinstance(item, Mapping) else item


def _choice(item: Any, typed: str, language: str, *, kept: bool) -> Any:
    """Return a choice that says what was typed. What it is called follows the text until the form is saved."""
    said: Any = item.get("text") if isinstance(item, Mapping) else None
    shown = said or str(_value(item))
    text = with_text(shown, language, typed)
    if text == shown:
        return item
    value = _value(item)
    if not kept and language == DEFAULT and value == slug(text_in(shown, DEFAULT), (), 60):
        value = slug(typed, (), 60) or typed.strip()[:200] or value
    return {**(item if isinstance(item, Mapping) else {}), "value": value, "text": text or ""}


def _how(element: Element, form: Mapping[str, str]) -> None:
    """Write whether it must be answered, as what it is shown, and within which limits."""
    _flag(element, "isRequired", set_=bool(form.get("q.required")))
    kind, wanted = kind_of(element), form.get("q.kind", "")
    if any({kind, wanted} <= family for family in KINDRED) and kind != wanted:
        element["type"] = KINDS[wanted]["type"]
    if kind == "rating" and "rateValues" not in element:
        _scale(element, form.get("q.steps", ""))
    for field, name in _NUMBERS.items():
        if f"q.{field}" in form:
            _limit(element, name, form[f"q.{field}"].strip())


def _scale(element: Element, steps: str) -> None:
    """Write the steps of a scale, such as 0-10, where they are others than those that are there."""
    low, _, high = steps.partition("-")
    if not (low.isascii() and low.isdigit() and high.isascii() and high.isdigit()) or len(steps) > _LONGEST_STEPS:
        return
    first = element.get("rateMin", 1)
    count = element.get("rateCount", 5)
    last = element.get("rateMax", first + count - 1 if isinstance(first, int) and isinstance(count, int) else None)
    if (first, last) != (int(low), int(high)):
        element.pop("rateCount", None)
        element["rateMin"], element["rateMax"] = int(low), int(high)


def _flag(element: Element, name: str, *, set_: bool) -> None:
    if bool(element.get(name)) == set_:
        return
    if set_:
        element[name] = True
    else:
        element.pop(name, None)


def _limit(element: Element, name: str, typed: str) -> None:
    """Write a limit: a number as one, and anything else as it is, to be refused in words where it is none."""
    if typed == str(element.get(name, "")):
        return
    if not typed:
        element.pop(name, None)
        return
    try:
        element[name] = int(typed) if typed.lstrip("-").isdigit() else float(typed)
    except ValueError:
        element[name] = typed


def _meaning(element: Element, form: Mapping[str, str]) -> None:
    """Write which fact it becomes, or what it permits."""
    if "q.fact" in form and form["q.fact"].strip() != str(element.get("fact") or ""):
        element["fact"] = form["q.fact"].strip()
        if not element["fact"]:
            del element["fact"]
    consent: Any = element.get("consent")
    if isinstance(consent, dict):
        for name in ("purpose", "channel"):
            if f"q.{name}" in form:
                consent[name] = form[f"q.{name}"].strip()


def _shown_if(element: Element, form: Mapping[str, str]) -> None:
    """Write the condition, where it was chosen and says something else than the one that is there."""
    if "q.join" not in form:
        return
    tests: list[Test] = []
    for number in range(_MOST_TESTS):
        question, test = form.get(f"q.if.{number}.question", ""), form.get(f"q.if.{number}.test", "")
        value = form.get(f"q.if.{number}.value", "").strip()
        if question and (value or test in FILLED):
            tests.append(Test(question, test or "is", "" if test in FILLED else value))
        elif question:
            tests.append(Test(question, "filled"))
    said, now = Chosen(tuple(tests), form["q.join"]), chosen(str(element.get("visibleIf") or ""))
    if now is not None and now.tests == said.tests and (len(tests) == 1 or not tests or now.join == said.join):
        return
    if tests:
        element["visibleIf"] = written(said)
    else:
        element.pop("visibleIf", None)


def _name(sheet: Sheet, at: int, form: Mapping[str, str], saved: Collection[str]) -> None:
    """Call a question as was typed; one that is not saved and that nobody named, after its title."""
    element = sheet.elements[at]
    old = str(element.get("name") or "")
    if old in saved:
        return
    typed = form.get("q.name", "").strip()
    if typed and typed != old:
        sheet.rename(at, typed)
    elif AUTOMATIC.fullmatch(old) and (title := text_in(element.get("title"), DEFAULT)):
        sheet.rename(at, slug(title, sheet.names - {old}) or old)
