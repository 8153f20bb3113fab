"""The rules of `sentences/` are said as they were read by somebody who speaks the language."""

import json
from pathlib import Path

import pytest

from regulars.understand.reading import parse
from regulars.understand.sentences import sentence
from regulars.web.i18n import translator

FOLDER = Path(__file__).parent / "sentences"
RULES = [json.loads(line) for line in (FOLDER / "rules.txt").read_text(encoding="utf-8").splitlines()]
LANGUAGES = sorted(path.stem for path in FOLDER.glob("*.txt") if path.stem != "rules")


def test_there_are_sixty_rules_and_more_and_english_is_said():
    assert len(RULES) >= 60
    assert "en" in LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_rule_is_said_as_it_was_read(language):
    said = (FOLDER / f"{language}.txt").read_text(encoding="utf-8").splitlines()
    assert [sentence(parse(rule, None), translator(language)) for rule in RULES] == said
