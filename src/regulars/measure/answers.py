"""What a form's answers come to: counts for each question that has answers to choose from."""

from collections.abc import Callable, Iterator

import msgspec

from regulars.engage.answers import words
from regulars.engage.forms import Form
from regulars.engage.questions import Question
from regulars.measure import records
from regulars.store.database import Tx

_COUNTED = frozenset({"radiogroup", "dropdown", "checkbox", "rating", "boolean"})


class Bar(msgspec.Struct, frozen=True):
    """One answer and how many gave it."""

    words: str
    times: int
    value: str
    """The answer as lists of customers look for it."""


class Tally(msgspec.Struct, frozen=True):
    """One question's answers, in the order they were offered."""

    question: str
    title: str
    bars: tuple[Bar, ...]
    fact: str = ""
    """What its answers are remembered as; '' where they are a consent."""
    consent: str = ""
    """What it gives consent to, as 'purpose/channel'; '' where it is none."""

    @property
    def most(self) -> int:
        """The length of the longest bar, at least 1."""
        return max((bar.times for bar in self.bars), default=0) or 1


def tally(tx: Tx, form: Form, locale: str, gettext: Callable[[str], str], campaign: str | None = None) -> list[Tally]:
    """Return the counts of a form's finished responses, in the reader's language; of a campaign's messages if named."""
    asked = [question for question in form.survey.questions if question.type in _COUNTED]
    counts = records.answer_counts(tx, form.name, [question.name for question in asked], campaign)
    return [
        Tally(
            question.name,
            question.title.at(locale),
            tuple(
                Bar(said, counts.get((question.name, value), 0), _sought(value))
                for value, said in _offered(question, locale, gettext)
            ),
            "" if question.consent else f"{form.name}.{question.name}",
            f"{question.consent.purpose}/{question.consent.channel}" if question.consent else "",
        )
        for question in asked
    ]


def _sought(value: str | float | bool) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def _offered(
    question: Question, locale: str, gettext: Callable[[str], str]
) -> Iterator[tuple[str | float | bool, str]]:
    """Yield the values one could choose, each in words; the ends of a rating with what they mean."""
    if question.kind == "boolean":
        for value in (True,) if question.consent else (True, False):
            yield value, words(question, value, locale, gettext)
    for choice in question.choices:
        said, meaning = words(question, choice.value, locale, gettext), question.meaning(choice, locale)
        yield choice.value, f"{said} · {meaning}" if meaning else said
