"""docs/segments.md says what is true: its rules are rules, its sentences theirs, and what it says is refused is."""

import json
import re
from pathlib import Path

import pytest

from regulars.understand.expanding import MOST_TOGETHER
from regulars.understand.reading import DEEPEST, MOST_CLAUSES, parse
from regulars.understand.rules import Known
from regulars.understand.sentences import sentence
from regulars.words.errors import Invalid

PAGE = (Path(__file__).parents[2] / "docs" / "segments.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```json\n(.*?)```\n\n> (.*?)\n\n", PAGE, re.DOTALL)
RULES = re.sub(r"\n## Why somebody came or went\n.*?(?=\n## )", "", PAGE, flags=re.DOTALL)
REFUSED = re.findall(r"^\| `(\{.*\})` \| (.*) \|$", RULES, re.MULTILINE)
KNOWN = Known(
    facts={"gift_for": "text", "budget": "number", "gift-quiz.why": "text"},
    segments={"best": {"all": []}, "for-mothers": {"all": []}},
    lists=frozenset({"vips-20260503-120000"}),
)


def test_the_page_has_examples_and_says_how_large_a_rule_may_be():
    assert len(EXAMPLES) == PAGE.count("```json")
    assert len(REFUSED) >= 5
    assert f"has {MOST_TOGETHER} conditions at most with all it rests on" in " ".join(PAGE.split())
    assert f"{DEEPEST} deep and {MOST_CLAUSES} conditions at most" in PAGE


@pytest.mark.parametrize(("rule", "said"), EXAMPLES)
def test_an_example_says_its_sentence(rule, said):
    assert sentence(parse(json.loads(rule), KNOWN)) == " ".join(said.replace("\n> ", " ").split())


@pytest.mark.parametrize(("rule", "said"), REFUSED)
def test_what_the_page_calls_refused_is(rule, said):
    with pytest.raises(Invalid) as refused:
        parse(json.loads(rule), KNOWN)
    assert str(refused.value) == said
