"""Reasons are kept as codes with values, and said in English and in a reader's language; old ones were texts."""

import pytest

from regulars.web.reason_words import reason_said
from regulars.words import reasons

VALUES = {"reason": "no such user", "problem": "It has no end.", "moment": "2026-01-31 10:00"}


@pytest.mark.parametrize("code", reasons.ENGLISH)
def test_every_code_is_kept_and_read_again_and_the_catalogue_says_what_english_says(code):
    said = {key: text for key, text in VALUES.items() if f"{{{key}}}" in reasons.ENGLISH[code]}
    kept = reasons.coded(code, **said)
    found = reasons.read(kept)
    assert (found.code, found.values) == (code, said)
    assert found.text == reason_said(kept, str) == reasons.ENGLISH[code].format(**said)


@pytest.mark.parametrize("kept", ["550 no such user", "late at night it slept", "suppressed {", "", "suppressed"])
def test_what_is_no_code_is_a_text_and_said_as_it_is(kept):
    assert reasons.read(kept).told == {"reason": kept}
    assert reason_said(kept, str) == kept


def test_a_reason_is_said_in_the_readers_language():
    assert reason_said("paused", {reasons.ENGLISH["paused"]: "Pause"}.get) == "Pause"
