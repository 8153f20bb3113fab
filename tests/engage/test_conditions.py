"""Conditions: read into a tree, evaluated on the server, never run as code."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.engage.conditions import (
    COMPARISONS,
    Answered,
    Both,
    Compare,
    Condition,
    Either,
    Filled,
    Given,
    Negated,
    Operand,
    holds,
    questions_of,
)
from regulars.engage.expressions import parse_condition
from regulars.words.errors import Invalid

QUIZ = {"for_whom": "mother", "likes": ["baking", "garden"], "age": 42, "when": "2026-05-14", "regular": True}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{for_whom} = 'mother'", True),
        ("{for_whom} == 'Mother'", True),
        ("{for_whom} <> 'mother'", False),
        ("{for_whom} != 'father'", True),
        ("{age} >= 42 and {age} < 43", True),
        ("{age} = '42'", True),
        ("{age} > 42 or {for_whom} = 'mother'", True),
        ("{likes} contains 'garden'", True),
        ("{likes} contains ['garden', 'baking']", True),
        ("{likes} notcontains 'toys'", True),
        ("{for_whom} anyof ['father', 'mother']", True),
        ("{likes} anyof ['toys', 'baking']", True),
        ("{likes} allof ['toys', 'baking']", False),
        ("{likes} = ['garden', 'baking']", True),
        ("{when} > '2026-05-01'", True),
        ("{regular} = true", True),
        ("{regular} = 'true'", True),
        ("{missing} empty", True),
        ("{missing} notempty", False),
        ("{missing} = 'x'", False),
        ("{missing} <> 'x'", True),
        ("{missing} > 1", False),
        ("not ({age} = 1) && !{missing} notempty", True),
        ("({age} = 1 or {age} = 42) and {for_whom} = 'father'", False),
        ("{age} = 1 or {age} = 42 and {for_whom} = 'mother'", True),
        (r"{for_whom} = 'mo\'ther'", False),
    ],
)
def test_an_expression_says_whether_a_question_is_asked(text: str, expected: bool) -> None:
    assert holds(parse_condition(text), QUIZ) is expected


@pytest.mark.parametrize(
    "text",
    ["", "{a}", "{a} =", "= 1", "{a} = 1 and", "({a} = 1", "{a} = 1)", "{a} ~ 1", "{a} = [1", "__import__('os')",
     "{a} = 1 {b} = 2", "{a} is 'x'", "{a", "(" * 50 + "{a} = 1" + ")" * 50, "{a} = 'x" + "x" * 3000 + "'"],
)  # fmt: skip
def test_what_is_no_expression_is_refused_in_words(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse_condition(text)
    assert str(refused.value).startswith(("The condition", "A condition"))


@given(st.text(alphabet="{}()[]'\"\\ andornt=<>!|&0123456789.,abq", max_size=60))
def test_no_text_whatever_does_anything_but_parse_or_be_refused(text: str) -> None:
    try:
        condition = parse_condition(text)
    except Invalid:
        return
    assert holds(condition, QUIZ) in {True, False}


names = st.sampled_from(["for_whom", "likes", "age", "when", "missing"])
scalars = st.one_of(
    st.text(alphabet="abc '\"\\{}()[],=é小", max_size=8),
    st.integers(-99999, 99999).map(float),
    st.booleans(),
)
operands: st.SearchStrategy[Operand] = st.one_of(
    names.map(Answered), scalars.map(Given), st.lists(scalars, max_size=3).map(tuple).map(Given)
)
leaves: st.SearchStrategy[Condition] = st.one_of(
    st.builds(Compare, operands, st.sampled_from(COMPARISONS), operands), st.builds(Filled, operands, st.booleans())
)


def _parts(parts: st.SearchStrategy[Condition]) -> st.SearchStrategy[tuple[Condition, ...]]:
    return st.lists(parts, min_size=2, max_size=3).map(tuple)


conditions = st.recursive(
    leaves,
    lambda inner: st.one_of(_parts(inner).map(Both), _parts(inner).map(Either), inner.map(Negated)),
    max_leaves=6,
)


def written(condition: Condition) -> str:
    match condition:
        case Both(parts):
            return "(" + " and ".join(map(written, parts)) + ")"
        case Either(parts):
            return "(" + " or ".join(map(written, parts)) + ")"
        case Negated(inner):
            return f"not ({written(inner)})"
        case Filled(operand, filled):
            return f"{side(operand)} {'notempty' if filled else 'empty'}"
        case Compare(left, by, right):
            return f"{side(left)} {by} {side(right)}"


def side(operand: Operand) -> str:
    return "{" + operand.question + "}" if isinstance(operand, Answered) else literal(operand.value)


def literal(value: Any) -> str:
    if isinstance(value, tuple):
        return "[" + ", ".join(map(literal, value)) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value))
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


@given(conditions)
def test_a_condition_written_down_is_read_back_as_it_was(condition: Condition) -> None:
    assert parse_condition(written(condition)) == condition


values = st.one_of(st.none(), scalars, st.lists(scalars, max_size=3))
answer_sets = st.dictionaries(names, values)


@given(conditions, answer_sets)
def test_every_condition_is_true_or_false_whatever_was_answered(condition: Condition, answers: dict[str, Any]) -> None:
    held = holds(condition, answers)
    assert held in {True, False}
    assert holds(Negated(condition), answers) is not held
    assert holds(Both((condition, Negated(condition))), answers) is False
    assert holds(Either((condition, Negated(condition))), answers) is True


@given(conditions, answer_sets)
def test_only_the_questions_it_names_matter(condition: Condition, answers: dict[str, Any]) -> None:
    asked = set(questions_of(condition))
    assert holds(condition, answers) == holds(condition, {name: one for name, one in answers.items() if name in asked})


@given(values, values)
def test_opposite_comparisons_never_agree(one: Any, other: Any) -> None:
    answers = {"age": one, "when": other}
    left, right = Answered("age"), Answered("when")

    def check(by: str) -> bool:
        return holds(Compare(left, by, right), answers)

    assert check("=") is not check("<>")
    assert check("contains") is not check("notcontains")
    assert not (check("<") and check(">="))
    assert not (check(">") and check("<="))
    if check("<") or check(">"):
        assert check("<>")
