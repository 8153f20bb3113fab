"""Who asks to be left alone is understood, in many languages; who answers something else is not misunderstood."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.engage.stop_words import WORDS, asks_to_stop


@pytest.mark.parametrize(("language", "word"), [(one, word) for one, words in WORDS.items() for word in words])
def test_every_word_is_understood_however_it_is_written(language, word):
    for said in (word, word.upper(), f"  {word}. ", f"{word}!!!", f'"{word}"'):
        assert asks_to_stop(said), (language, said)


@pytest.mark.parametrize(
    "said", ["STOP", "Stop please", "stop, thanks", "Arret", "ARRÊT", "desabonner", "СТОП", "STOP\n"]
)
def test_as_people_write_it(said):
    assert asks_to_stop(said)


@pytest.mark.parametrize("said", [
    "", " ", "!", "1", "yes", "no", "red", "START", "Can you stop by tomorrow?", "the end of it",
    "don't cancel my order",    "👍", "stopwatch", "Nonstop",
])  # fmt: skip
def test_what_is_something_else(said):
    assert not asks_to_stop(said)


@given(st.text(max_size=2000))
def test_any_text_is_read(said):
    assert asks_to_stop(said) in {True, False}
