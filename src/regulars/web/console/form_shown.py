"""The form composer's page: what is made of a survey to show it, and what is wrong with its questions."""

from collections.abc import Collection, Mapping
from typing import Any

import msgspec

from regulars.decide.policy import CHANNELS
from regulars.engage import forms
from regulars.engage.conditions import questions_of
from regulars.engage.expressions import parse_condition
from regulars.engage.forms import Form
from regulars.engage.kinds import CHOOSING, KINDS, WRITTEN, kind_of, kindred_of
from regulars.engage.localised import DEFAULT, parse_localised
from regulars.engage.questions import Question, parse_question
from regulars.engage.sheet import AUTOMATIC, Element, Sheet
from regulars.engage.shown_if import Chosen, Test, chosen
from regulars.engage.survey import Survey
from regulars.engage.texts import languages_in, missing_in, text_in
from regulars.remember import facts
from regulars.store.database import Tx
from regulars.web.console.desk import Desk
from regulars.web.console.form_fields import TEXTS
from regulars.web.console.json_text import packed
from regulars.web.i18n import language_called, languages, say
from regulars.web.phone import phone
from regulars.words.errors import Invalid, RegularsError

_ASKED_OF: dict[str, tuple[str, ...]] = {
    "some": ("has", "has_not", "filled", "empty"),
    "rating": ("is", "at_least", "at_most", "filled", "empty"),
    "number": ("at_least", "at_most", "is", "filled", "empty"),
    "date": ("at_least", "at_most", "filled", "empty"),
    "yes_no": ("is", "filled", "empty"),
    "permission": ("is", "empty"),
}
_ASKED = ("is", "is_not", "filled", "empty")
_STEPS = ("1-3", "1-5", "1-7", "1-10", "0-10")


class Line(msgspec.Struct, frozen=True):
    """A question in the list: which kind, what it asks, and what is wrong with it."""

    name: str
    kind: str
    title: str
    condition: bool
    problem: str


class Earlier(msgspec.Struct, frozen=True):
    """A question that a condition can ask about: what can be asked of its answer, and which answers there are."""

    name: str
    title: str
    tests: tuple[str, ...]
    options: tuple[tuple[str, str], ...]


def outline(survey: Mapping[str, Any]) -> str:
    """Return what a survey asks as one reads it: its title, and each question with its answers."""
    lines = [text_in(survey.get("title"), DEFAULT), text_in(survey.get("description"), DEFAULT)]
    for place, element in enumerate(Sheet(dict(survey)).elements, start=1):
        lines += ["", f"{place}. {text_in(element.get('title'), DEFAULT) or element.get('name')}"]
        lines += [f"   • {text}" for _, text in _choices(element, DEFAULT)]
    return "\n".join(lines).strip()


def problems(sheet: Sheet, locale: str) -> dict[int, str]:
    """Return in words what is wrong with which question."""
    found: dict[int, str] = {}
    seen: set[str] = set()
    for place, element in enumerate(sheet.elements):
        if error := _problem(element, seen):
            found[place] = say(error, locale)
        seen.add(str(element.get("name")))
    return found


def _problem(element: Element, seen: set[str]) -> Invalid | None:
    """Return what is wrong with a question that comes after those that were seen."""
    name, condition = str(element.get("name")), str(element.get("visibleIf") or "")
    title = text_in(element.get("title"), DEFAULT)
    try:
        asked = set(questions_of(parse_condition(condition))) if condition.strip() else set[str]()
        parse_question(element, title[:60] or name, None)
    except Invalid as error:
        return error
    if not title.strip() and AUTOMATIC.fullmatch(name):
        return Invalid("Write what you ask.")
    if name in seen:
        return Invalid("Two questions have the name '{name}'. Rename one.", name=name)
    if asked - seen:
        return Invalid("It is shown only after an answer to a question that does not come before it.")
    return None


def shown(
    desk: Desk,
    tx: Tx,
    sheet: Sheet,
    form: Mapping[str, str],
    *,
    at: int | None,
    wrong: Mapping[int, str],
    saved: Form | None,
) -> dict[str, Any]:
    """Return what the page shows of a survey; `at`: the question that is open, `saved`: the form as it is."""
    own = saved.name if saved else ""
    kept = {one.name for one in saved.survey.questions} if saved else set[str]()
    tongues = _tongues(desk, sheet)
    written = form.get("lang", "")
    language = written if written in {code for code, _, _ in tongues} else DEFAULT
    elements = sheet.elements
    lines = [
        Line(
            str(one.get("name")),
            kind_of(one),
            text_in(one.get("title"), language) or text_in(one.get("title"), DEFAULT),
            bool(one.get("visibleIf")),
            wrong.get(place, ""),
        )
        for place, one in enumerate(elements)
    ]
    return {
        "json": packed(sheet.survey),
        "lines": lines,
        "at": at,
        "open": None if at is None else _opened(tx, sheet, at, language, own, desk.form),
        "language": language,
        "tongues": tongues,
        "title": text_in(sheet.survey.get("title"), language),
        "description": text_in(sheet.survey.get("description"), language),
        "default": {name: text_in(sheet.survey.get(name), DEFAULT) for name in ("title", "description")},
        "kinds": list(KINDS),
        "phone": _phone(desk, sheet, at or 0, language),
        "seen": at or 0,
        "fixed": at is not None and str(elements[at].get("name")) in kept,
        "answered": at is not None and bool(own) and forms.is_answered(tx, own, str(elements[at].get("name"))),
    }


def _written(language: str, used: Collection[str]) -> str:
    """Return a language as texts were written in it: `zh` is `zh-hant` where that is what there is."""
    called = language_called(language)
    return next((one for one in sorted(used) if language not in used and language_called(one) == called), language)


def _tongues(desk: Desk, sheet: Sheet) -> list[tuple[str, str, int]]:
    """Return the languages to write in besides the default, each with how many texts it lacks.

    What is written for everybody is in the workspace's first language, so that one is there only where it was used.
    """
    offered, used = list(desk.workspace.languages) or languages(), languages_in(sheet.survey, sheet.elements)
    offered = [_written(one, used) for one in offered]
    found = [one for one in offered if one != offered[0] or one in used] + sorted(used - set(offered))
    return [(one, language_called(one), missing_in(sheet.survey, sheet.elements, one)) for one in found]


def _half_said(tests: Collection[Test], asked: Collection[Earlier], typed: Mapping[str, str]) -> list[Test]:
    """Return the tests of a condition as they are being chosen: until one has its answer, the survey says less."""
    if typed.get("do") != "shown-if":
        return list(tests)
    offered = {one.name: one.tests for one in asked}
    picked = [typed.get(f"q.if.{number}.test", "") for number in range(len(tests))]
    return [
        Test(one.question, test) if one.test == "filled" and test in offered.get(one.question, ()) else one
        for one, test in zip(tests, picked, strict=True)
    ]


def _opened(tx: Tx, sheet: Sheet, at: int, language: str, own: str, typed: Mapping[str, str]) -> dict[str, Any]:
    element = sheet.elements[at]
    kind = kind_of(element)
    condition = str(element.get("visibleIf") or "")
    said = chosen(condition)
    asked = [_earlier(one) for one in sheet.elements[:at]]
    return {
        "element": element,
        "kind": kind,
        "kindred": kindred_of(kind),
        "texts": {field: text_in(element.get(name), language) for field, name in TEXTS.items()},
        "defaults": {field: text_in(element.get(name), DEFAULT) for field, name in TEXTS.items()},
        "choices": _choices(element, language) if kind in CHOOSING else None,
        "written": kind in WRITTEN,
        "steps": _steps(element) if kind == "rating" else (),
        "condition": condition,
        "chosen": said or Chosen(),
        "by_choosing": said is not None and {test.question for test in said.tests} <= {one.name for one in asked},
        "tests": [*_half_said(said.tests if said else (), asked, typed), Test("", "is")],
        "earlier": asked,
        "facts": _facts(tx, element, own),
        "channels": CHANNELS,
    }


def _choices(element: Element, language: str) -> list[tuple[str, str]]:
    items: Any = element.get("choices")
    found: list[tuple[str, str]] = []
    for item in items if isinstance(items, list) else ():
        value: Any = item.get("value") if isinstance(item, Mapping) else item
        said: Any = (item.get("text") if isinstance(item, Mapping) else None) or str(value)
        found.append((text_in(said, language), text_in(said, DEFAULT)))
    return found


def _steps(element: Element) -> list[str]:
    if element.get("rateValues"):
        return []
    try:
        choices = parse_question(element, "", None).choices
    except Invalid:
        return list(_STEPS)
    now = f"{choices[0].value}-{choices[-1].value}"
    return [now, *(one for one in _STEPS if one != now)]


def _earlier(element: Element) -> Earlier:
    kind = kind_of(element)
    options: tuple[tuple[str, str], ...] = ()
    if kind in {"yes_no", "permission"}:
        options = (("true", ""), ("false", ""))
    elif kind in CHOOSING | {"rating"}:
        try:
            choices = parse_question(element, "", None).choices
            options = tuple((str(one.value), one.text.at(DEFAULT)) for one in choices)
        except Invalid:
            pass
    title = text_in(element.get("title"), DEFAULT) or str(element.get("name"))
    return Earlier(str(element.get("name")), title, _ASKED_OF.get(kind, _ASKED), options)


def _facts(tx: Tx, element: Element, own: str) -> list[tuple[str, str]]:
    """Return the facts that its answers could become: of the same kind, neither counted nor a form's own."""
    try:
        kind = parse_question({**element, "choices": element.get("choices") or ["x"]}, "", None).kind
    except RegularsError:
        kind = None
    found = [one for one in facts.catalogue(tx).values() if one.kind == kind and not one.computed]
    return [(one.name, one.label) for one in found if "." not in one.name and one.name != own]


def _phone(desk: Desk, sheet: Sheet, at: int, language: str) -> str:
    """Return the question as its phone shows it; nothing where it cannot be asked yet."""
    if at >= len(sheet.elements):
        return ""
    try:
        question: Question = parse_question(sheet.elements[at], "", None)
        texts = [parse_localised(sheet.survey.get(name), "") for name in ("title", "description")]
    except Invalid:
        return ""
    survey = Survey(texts[0], texts[1], (question,))
    form = Form("form", texts[0].at(DEFAULT), survey, desk.now)
    offered = list(desk.workspace.languages) or [desk.locale]
    locale = offered[0] if language == DEFAULT or language_called(language) == language else language
    return phone(desk.workspace, form, question, locale, place=at + 1, count=len(sheet.elements))
