"""What the buttons of the form composer do with the survey that is composed."""

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from regulars.engage.kinds import CHOOSING, KINDS
from regulars.engage.sheet import Element, Sheet
from regulars.engage.shown_if import Chosen, chosen, written
from regulars.web.console.form_starts import Text, fresh_texts
from regulars.web.console.json_text import packed, parsed
from regulars.web.console.json_text import written as as_text
from regulars.web.numbers import number_in
from regulars.words.errors import Invalid


@dataclass(frozen=True)
class Done:
    """What came of a button: which question is open now, and which fields of the page say something else."""

    at: int | None
    fields: dict[str, str] = field(default_factory=dict[str, str])


def done_to(sheet: Sheet, at: int | None, do: str, form: Mapping[str, str], text: Text) -> Done:
    """Do what a button says, such as `up:3`, and say where one is then. What is unknown changes nothing.

    `text` puts our words into the languages of those who are asked.
    """
    verb, _, what = do.partition(":")
    number = number_in(what)
    place = -1 if number is None else number
    if verb == "add" and what in KINDS:
        return Done(sheet.add(_fresh(sheet, what, text), at))
    if verb in {"text", "fields", "lang", "shut", "back"}:
        return _shown_otherwise(sheet, at, verb, what, form)
    if verb in _TO_QUESTION and 0 <= place < len(sheet.elements):
        return Done(_TO_QUESTION[verb](sheet, place))
    if verb in _TO_PART and at is not None:
        _TO_PART[verb](sheet.elements[at], place)
    return Done(at)


def _fresh(sheet: Sheet, kind: str, text: Text) -> Element:
    element: Element = deepcopy(KINDS[kind]) | {"name": sheet.free_name(), "title": ""}
    if kind in CHOOSING:
        element["choices"] = []
    return element | fresh_texts(kind, text)


def _shown_otherwise(sheet: Sheet, at: int | None, verb: str, what: str, form: Mapping[str, str]) -> Done:
    """Show the same survey as text or in fields, in another language, folded up, or as it was before."""
    if verb == "back":
        return _back(form)
    if verb == "lang":
        return Done(at, {"lang": what})
    if verb == "shut":
        return Done(None)
    return Done(at, {"view": verb, "survey": (as_text if verb == "text" else packed)(sheet.survey)})


def _back(form: Mapping[str, str]) -> Done:
    """Return to the survey as it was before a question was taken out."""
    before = form.get("before", "")
    try:
        Sheet(parsed(before))
    except Invalid:
        return Done(None)
    return Done(None, {"survey": before})


def _open(_: Sheet, at: int) -> int | None:
    return at


def _drop(sheet: Sheet, at: int) -> int | None:
    sheet.drop(at)
    return None


_TO_QUESTION: dict[str, Callable[[Sheet, int], int | None]] = {
    "open": _open,
    "turn": _open,
    "up": lambda sheet, at: sheet.move(at, -1),
    "down": lambda sheet, at: sheet.move(at, 1),
    "copy": lambda sheet, at: sheet.copy(at),
    "drop": _drop,
}


def _listed(element: Element) -> list[Any]:
    choices: Any = element.get("choices")
    return choices if isinstance(choices, list) else []


def _move_choice(by: int) -> Callable[[Element, int], None]:
    def move(element: Element, place: int) -> None:
        choices = _listed(element)
        if 0 <= place < len(choices) and 0 <= place + by < len(choices):
            choices[place], choices[place + by] = choices[place + by], choices[place]

    return move


def _drop_choice(element: Element, place: int) -> None:
    choices = _listed(element)
    if 0 <= place < len(choices):
        del choices[place]


def _drop_test(element: Element, place: int) -> None:
    """Take one comparison out of the condition."""
    said = chosen(str(element.get("visibleIf") or "")) or Chosen()
    left = tuple(test for number, test in enumerate(said.tests) if number != place)
    _free(element, place)
    if left:
        element["visibleIf"] = written(Chosen(left, said.join))


def _free(element: Element, _: int) -> None:
    """Ask a question of everybody."""
    element.pop("visibleIf", None)


_TO_PART: dict[str, Callable[[Element, int], None]] = {
    "choice-up": _move_choice(-1),
    "choice-down": _move_choice(1),
    "choice-drop": _drop_choice,
    "if-drop": _drop_test,
    "free": _free,
}
