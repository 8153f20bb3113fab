"""Rules as YAML: what is written is read as the same rule, and what could harm is not read."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.understand.any_rules import RULES

from regulars.understand.yaml_text import read, written
from regulars.words.errors import Invalid

_TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20) | st.sampled_from(
    [
        "",
        "no",
        "yes",
        "on",
        "~",
        "null",
        "true",
        "1",
        "-1.5",
        "1e5",
        "0x1f",
        "1_000",
        "12:30",
        "2026-01-02",
        "<<",
        "=",
        "- a",
        "a: b",
        "#a",
    ]
)
_VALUES = _TEXTS | st.integers(-(2**53), 2**53) | st.booleans() | st.floats(allow_nan=False, allow_infinity=False)
_ANY = st.recursive(
    _VALUES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXTS, inner, max_size=3), max_leaves=12
)


@given(said=_ANY)
def test_whatever_is_written_is_read_as_it_was(said):
    assert repr(read(written(said))) == repr(said)
    text = msgspec.json.encode(said).decode()
    assert read(text) == said


@given(rule=RULES)
def test_a_rule_is_the_same_as_json_and_as_yaml(rule):
    assert read(written(rule)) == rule


def test_a_rule_reads_as_people_write_it():
    text = """
all:
  - fact: gift_for
    is: mother
  - {event: Order Completed, count: {at_least: 3}, within_days: 90}
  - fact: news   # told in the quiz
    is: no
  - fact: born
    at_least: 2000-01-31
"""
    assert read(text) == {
        "all": [
            {"fact": "gift_for", "is": "mother"},
            {"event": "Order Completed", "count": {"at_least": 3}, "within_days": 90},
            {"fact": "news", "is": "no"},
            {"fact": "born", "at_least": "2000-01-31"},
        ]
    }


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: &x 1\nb: *x", "Line 1: anchors and tags are not read"),
        ("- &x [lol]\n- &y [*x, *x]\n- [*y, *y]", "Line 1: anchors and tags are not read"),
        ("a: !!python/object/apply:os.system [ls]", "Line 1: anchors and tags are not read"),
        ("a: 1\nb: 2\na: 3", "Line 3: 'a' stands here twice"),
        ("a: 1\n---\nb: 2", "Line 2: a second document begins"),
        ("1: 2", "Line 1: 1 is no name"),
        ("[a]: 2", "is no name"),
        ("a:\n\t- b", "Line 2: "),
        ("all:\n  - fact: x\n   is: y", "Line 3: "),
        ("{", "Line 2: "),
        ("[" * 90_000, "nested more than 100 deep"),
        ("- " * 5_000 + "x", "nested more than 100 deep"),
        ("[" * 200 + "]" * 200, "nested more than 100 deep"),
        ("a: 1e999", "neither JSON nor YAML"),
        ("a: \x00", "neither JSON nor YAML"),
        ("a" * 200_001, "may have 200000 characters"),
    ],
)
def test_what_is_no_rule_is_refused_with_its_line(text, said):
    with pytest.raises(Invalid) as refused:
        read(text)
    assert said in str(refused.value)
