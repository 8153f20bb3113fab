"""The conditions of `visibleIf`, as a tiny tree, and whether they hold. Nothing is ever `eval`ed.

Texts compare without regard to case and `'5' = 5` holds, as in SurveyJS. `expressions.py` reads them.
"""

import operator
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec


class Answered(msgspec.Struct, frozen=True):
    """What was answered to a question: `{name}`."""

    question: str


class Given(msgspec.Struct, frozen=True):
    """A value that the expression names: a text, number, boolean or a list of them."""

    value: str | float | bool | tuple[str | float | bool, ...]


Operand = Answered | Given


class Compare(msgspec.Struct, frozen=True):
    """One side held against the other."""

    left: Operand
    by: str
    right: Operand


class Filled(msgspec.Struct, frozen=True):
    """Whether there is an answer at all (`notempty`), or is not (`empty`)."""

    operand: Operand
    filled: bool


class Both(msgspec.Struct, frozen=True):
    """Every part holds."""

    parts: tuple["Condition", ...]


class Either(msgspec.Struct, frozen=True):
    """At least one part holds."""

    parts: tuple["Condition", ...]


class Negated(msgspec.Struct, frozen=True):
    """The part does not hold."""

    part: "Condition"


Condition = Compare | Filled | Both | Either | Negated


def holds(condition: Condition | None, answers: Mapping[str, Any]) -> bool:
    """Whether a condition holds for these answers. No condition always holds."""
    match condition:
        case None:
            return True
        case Both(parts):
            return all(holds(part, answers) for part in parts)
        case Either(parts):
            return any(holds(part, answers) for part in parts)
        case Negated(part):
            return not holds(part, answers)
        case Filled(operand, filled):
            return _is_filled(_value(operand, answers)) == filled
        case Compare(left, by, right):
            return _HOLDS[by](_value(left, answers), _value(right, answers))


def questions_of(condition: Condition | None) -> Iterator[str]:
    """Yield the questions that a condition asks about."""
    match condition:
        case None:
            return
        case Both(parts) | Either(parts):
            for part in parts:
                yield from questions_of(part)
        case Negated(part):
            yield from questions_of(part)
        case Filled(operand):
            yield from _asked(operand)
        case Compare(left, _, right):
            yield from _asked(left)
            yield from _asked(right)


def _asked(operand: Operand) -> Iterator[str]:
    if isinstance(operand, Answered):
        yield operand.question


def _value(operand: Operand, answers: Mapping[str, Any]) -> Any:
    return answers.get(operand.question) if isinstance(operand, Answered) else operand.value


def _is_filled(value: Any) -> bool:
    return value is not None and value not in ("", [], ())


def _key(value: Any) -> tuple[str, Any]:
    """What two values are compared by: booleans and numbers also when written as text."""
    if isinstance(value, bool):
        return ("boolean", value)
    if isinstance(value, int | float):
        return ("number", float(value))
    text = str(value).strip().casefold()
    if text in {"true", "false"}:
        return ("boolean", text == "true")
    try:
        number = float(text) if re.fullmatch(r"-?\d+(\.\d+)?", text, re.ASCII) else None
    except ValueError:
        number = None
    return ("text", text) if number is None else ("number", number)


def _keys(value: Any) -> set[tuple[str, Any]]:
    if value is None:
        return set()
    return {_key(one) for one in value} if isinstance(value, list | tuple) else {_key(value)}


def _same(left: Any, right: Any) -> bool:
    if left is None or right is None:
        return left is None and right is None
    if isinstance(left, list | tuple) != isinstance(right, list | tuple):
        return False
    return _keys(left) == _keys(right)


def _ordered(compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    def check(left: Any, right: Any) -> bool:
        if left is None or right is None or isinstance(left, list | tuple) or isinstance(right, list | tuple):
            return False
        (left_kind, one), (right_kind, other) = _key(left), _key(right)
        return left_kind == right_kind != "boolean" and compare(one, other)

    return check


def _contains(left: Any, right: Any) -> bool:
    if isinstance(left, str) and isinstance(right, str):
        return right.casefold() in left.casefold()
    return bool(_keys(right)) and _keys(right) <= _keys(left)


_HOLDS: dict[str, Callable[[Any, Any], bool]] = {
    "=": _same,
    "<>": lambda left, right: not _same(left, right),
    "<": _ordered(operator.lt),
    "<=": _ordered(operator.le),
    ">": _ordered(operator.gt),
    ">=": _ordered(operator.ge),
    "contains": _contains,
    "notcontains": lambda left, right: not _contains(left, right),
    "anyof": lambda left, right: bool(_keys(left) & _keys(right)),
    "allof": lambda left, right: bool(_keys(right)) and _keys(right) <= _keys(left),
}

COMPARISONS = tuple(_HOLDS)
"""Every comparison there is."""
