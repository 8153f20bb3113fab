"""A condition as it is chosen on a page: some comparisons, of which all or any must hold; and back into `visibleIf`.

A condition that cannot be shown like this stays as it was written.
"""

import re
from collections.abc import Sequence

import msgspec

from regulars.engage.conditions import Answered, Both, Compare, Condition, Either, Filled, Given
from regulars.engage.expressions import parse_condition
from regulars.words.errors import Invalid

_SIGNS = {"is": "=", "is_not": "<>", "has": "contains", "has_not": "notcontains", "at_least": ">=", "at_most": "<="}
_OF_SIGN = {sign: test for test, sign in _SIGNS.items()}
FILLED = {"filled": "notempty", "empty": "empty"}
TESTS = (*_SIGNS, *FILLED)
"""What can be asked of an earlier answer."""


class Test(msgspec.Struct, frozen=True):
    """One comparison: the answer to a question, held against a value."""

    question: str
    test: str
    value: str = ""


class Chosen(msgspec.Struct, frozen=True):
    """Comparisons of which `all` or `any` must hold."""

    tests: tuple[Test, ...] = ()
    join: str = "all"


def chosen(text: str) -> Chosen | None:
    """Return a condition as one chooses it; None where it says more than can be chosen."""
    if not text.strip():
        return Chosen()
    try:
        condition = parse_condition(text)
    except Invalid:
        return None
    parts: Sequence[Condition] = condition.parts if isinstance(condition, Both | Either) else (condition,)
    tests = [_test(part) for part in parts]
    if any(test is None for test in tests):
        return None
    return Chosen(tuple(test for test in tests if test), "any" if isinstance(condition, Either) else "all")


def _test(part: Condition) -> Test | None:
    match part:
        case Filled(Answered(question), filled):
            return Test(question, "filled" if filled else "empty")
        case Compare(Answered(question), by, Given(value)) if by in _OF_SIGN and not isinstance(value, tuple):
            return Test(question, _OF_SIGN[by], _typed(value))
        case _:
            return None


def _typed(value: str | float | bool) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:g}" if isinstance(value, float) else str(value)


def written(said: Chosen) -> str:
    """Return the `visibleIf` of comparisons; nothing where there are none."""
    joined = " and " if said.join == "all" else " or "
    return joined.join(_written(test) for test in said.tests)


def _written(test: Test) -> str:
    if test.test in FILLED:
        return f"{{{test.question}}} {FILLED[test.test]}"
    plain = re.fullmatch(r"-?\d{1,15}(\.\d{1,10})?|true|false", test.value, re.ASCII)
    value = test.value if plain else "'" + re.sub(r"([\\'])", r"\\\1", test.value) + "'"
    return f"{{{test.question}}} {_SIGNS[test.test]} {value}"
