"""A survey, read from SurveyJS JSON: the questions in order, and when each is asked."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

import msgspec

from regulars.engage.conditions import Both, Condition, holds, questions_of
from regulars.engage.expressions import parse_condition
from regulars.engage.localised import Localised, parse_localised
from regulars.engage.questions import Question, parse_question
from regulars.words.errors import Invalid

MOST_QUESTIONS = 200
LARGEST = 1_000_000
_NOT_KNOWN = ("triggers", "calculatedValues", "navigateToUrlOnCondition", "completedHtmlOnCondition")


class Survey(msgspec.Struct, frozen=True):
    """What a form asks."""

    title: Localised
    description: Localised
    questions: tuple[Question, ...]

    @property
    def languages(self) -> frozenset[str]:
        """The languages in which every question is asked, besides the default."""
        return frozenset.intersection(*(one.title.languages for one in self.questions))

    def question(self, name: str) -> Question | None:
        """Return a question by its name."""
        return next((question for question in self.questions if question.name == name), None)

    def asked(self, answers: Mapping[str, Any], known: Collection[str] = ()) -> list[Question]:
        """Return the questions that these answers leave to be shown, in order, but none whose fact is `known`.

        What was answered to a question that is hidden now counts for nothing, so it hides what hung on it.
        """
        shown: list[Question] = []
        counting: dict[str, Any] = {}
        for question in self.questions:
            if question.fact not in known and holds(question.shown_if, counting):
                shown.append(question)
                if question.name in answers:
                    counting[question.name] = answers[question.name]
        return shown

    def to_come(self, question: Question, answers: Mapping[str, Any], known: Collection[str] = ()) -> list[Question]:
        """Return the questions that may still come after one, whatever will be answered to it and to them.

        What was answered before it holds; so whoever goes on finds this list shorter and never longer.
        """
        place = self.questions.index(question)
        before = {one.name for one in self.questions[:place]}
        settled = {
            one.name: answers[one.name] for one in self.asked(answers, known) if one.name in before & answers.keys()
        }
        still_open = {question.name}
        coming: list[Question] = []
        for one in self.questions[place + 1 :]:
            hangs_on = still_open.intersection(questions_of(one.shown_if))
            if one.fact not in known and (hangs_on or holds(one.shown_if, settled)):
                still_open.add(one.name)
                coming.append(one)
        return coming


def parse_survey(survey: Any) -> Survey:
    """Read SurveyJS JSON. Raise Invalid naming the place of whatever is not understood."""
    if not isinstance(survey, Mapping):
        raise Invalid('A form is an object: {{"title": "...", "pages": [...]}}.')
    if len(msgspec.json.encode(survey)) > LARGEST:
        raise Invalid("The form is larger than {most} bytes.", most=LARGEST)
    for strange in _NOT_KNOWN:
        if survey.get(strange):
            raise Invalid("'{property}' is not supported. Leave it out.", property=strange)
    questions = tuple(_questions(survey))
    _check(questions)
    return Survey(
        title=parse_localised(survey.get("title"), "The form's title"),
        description=parse_localised(survey.get("description"), "The form's description"),
        questions=questions,
    )


def _questions(survey: Mapping[str, Any]) -> Iterator[Question]:
    pages: Any = survey.get("pages")
    if pages is None:
        pages = [{"elements": survey.get("elements", survey.get("questions"))}]
    if not isinstance(pages, list):
        raise Invalid("'pages' is a list of pages.")
    for number, page in enumerate(pages, start=1):
        place = f"page {number}"
        elements: Any = page.get("elements", page.get("questions")) if isinstance(page, Mapping) else None
        if not isinstance(elements, list):
            raise Invalid("{place}: a page has a list of 'elements', the questions.", place=place)
        shown_if = _condition(page, place)
        for position, element in enumerate(elements, start=1):
            name = element.get("name") if isinstance(element, Mapping) else None
            where = f"{place}, question '{name}'" if isinstance(name, str) else f"{place}, question {position}"
            yield parse_question(element, where, _joined(shown_if, _condition(element, where)))


def _condition(element: Any, place: str) -> Condition | None:
    text = element.get("visibleIf") if isinstance(element, Mapping) else None
    if not text:
        return None
    if not isinstance(text, str):
        raise Invalid("{place}: 'visibleIf' is a text.", place=place)
    try:
        return parse_condition(text)
    except Invalid as error:
        raise Invalid("{place}, visibleIf: {problem}", place=place, problem=str(error)) from error


def _joined(page: Condition | None, own: Condition | None) -> Condition | None:
    return Both((page, own)) if page is not None and own is not None else page or own


def _check(questions: tuple[Question, ...]) -> None:
    """Hold the questions against each other."""
    if not 0 < len(questions) <= MOST_QUESTIONS:
        raise Invalid(
            "A form has 1 to {most} questions; this one has {count}.", most=MOST_QUESTIONS, count=len(questions)
        )
    seen: set[str] = set()
    facts: dict[str, str] = {}
    for question in questions:
        if question.name in seen:
            raise Invalid("Two questions have the name '{name}'. Rename one.", name=question.name)
        for asked in questions_of(question.shown_if):
            if asked not in seen:
                raise Invalid(
                    "question '{name}', visibleIf: there is no question '{asked}' before it.",
                    name=question.name, asked=asked,
                )  # fmt: skip
        seen.add(question.name)
        if question.fact and facts.setdefault(question.fact, question.kind) != question.kind:
            raise Invalid(
                "question '{name}': the fact '{fact}' is a {kind} in another question. Use another name.",
                name=question.name, fact=question.fact, kind=facts[question.fact],
            )  # fmt: skip
