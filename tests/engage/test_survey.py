"""Surveys: SurveyJS JSON becomes typed questions, or is refused with the place and the mend."""

from datetime import date
from importlib.resources import files
from typing import Any

import msgspec
import pytest

from regulars.engage.questions import Consent
from regulars.engage.survey import parse_survey
from regulars.words.errors import Invalid

SHOP = files("regulars.testing.shop") / "forms"


def one(**element: Any) -> dict[str, Any]:
    return {"title": "T", "elements": [{"name": "q", "type": "text", **element}]}


@pytest.mark.parametrize("name", ["gift-quiz", "gift-budget"])
def test_the_shops_forms_can_be_asked(name: str) -> None:
    survey = parse_survey(msgspec.json.decode((SHOP / f"{name}.json").read_bytes()))
    assert survey.questions


def test_the_shops_quiz_has_every_type_of_question_and_learns_what_its_mails_quote() -> None:
    survey = parse_survey(msgspec.json.decode((SHOP / "gift-quiz.json").read_bytes()))
    assert {one.type for one in survey.questions} >= {"radiogroup", "checkbox", "rating", "text", "boolean"}
    assert {one.input for one in survey.questions} >= {"text", "number", "date", "email"}
    assert {one.fact for one in survey.questions} >= {"gift_for", "occasion", "occasion_date", "whose"}
    kinds = {one.name: one.kind for one in survey.questions}
    assert kinds["when"] == "date"
    assert kinds["likes"] == "list"
    assert kinds["early"] == "number"
    assert survey.questions[-1].consent == Consent("marketing", "email")


def test_a_question_that_is_hidden_hides_what_hung_on_it() -> None:
    survey = parse_survey(
        {
            "elements": [
                {"name": "a", "type": "text"},
                {"name": "b", "type": "text", "visibleIf": "{a} = 'x'"},
                {"name": "c", "type": "text", "visibleIf": "{b} notempty"},
            ]
        }
    )
    said = {"a": "x", "b": "y", "c": "z"}
    assert [one.name for one in survey.asked(said)] == ["a", "b", "c"]
    assert [one.name for one in survey.asked({**said, "a": "no"})] == ["a"]


def test_what_may_still_come_is_never_more_than_it_was() -> None:
    survey = parse_survey(msgspec.json.decode((SHOP / "gift-quiz.json").read_bytes()))
    ways = [
        {"for_whom": for_whom, "occasion": occasion}
        for for_whom in ("friend", "myself")
        for occasion in ("birthday", "x")
    ]
    for answers in ways:
        said: dict[str, Any] = {}
        counts: list[int] = []
        for question in survey.questions:
            if question in (shown := survey.asked(said)):
                counts.append(shown.index(question) + 1 + len(survey.to_come(question, said)))
                said[question.name] = answers.get(question.name, "something")
        assert counts == sorted(counts, reverse=True)
        assert counts[-1] == len(survey.asked(said))


def test_what_hangs_on_a_question_that_cannot_come_cannot_come_either() -> None:
    chain = [{"name": "a", "type": "text"}, {"name": "b", "type": "text", "visibleIf": "{a} = 'x'"}]
    chain += [{"name": "c", "type": "text"}, {"name": "d", "type": "text", "visibleIf": "{b} notempty"}]
    survey = parse_survey({"elements": chain})
    a, c = survey.questions[0], survey.questions[2]
    assert [one.name for one in survey.to_come(a, {})] == ["b", "c", "d"]
    assert [one.name for one in survey.to_come(c, {"a": "y"})] == []


def test_a_hidden_page_hides_its_questions() -> None:
    survey = parse_survey(
        {
            "pages": [
                {"elements": [{"name": "a", "type": "text"}]},
                {"visibleIf": "{a} = 'x'", "elements": [{"name": "b", "type": "text", "visibleIf": "{a} notempty"}]},
            ]
        }
    )
    assert [one.name for one in survey.asked({"a": "y"})] == ["a"]
    assert [one.name for one in survey.asked({"a": "x"})] == ["a", "b"]


def test_texts_come_in_the_readers_language_or_the_default() -> None:
    survey = parse_survey({"title": {"default": "Gifts", "lv": "Dāvanas", "pt-br": "Presentes"}, **_body()})
    assert survey.title.at("lv") == "Dāvanas"
    assert survey.title.at("lv-LV") == "Dāvanas"
    assert survey.title.at("pt_BR") == "Presentes"
    assert survey.title.at("hi") == "Gifts"


def test_traditional_chinese_is_found_under_each_of_its_names_else_chinese_at_all() -> None:
    for name in ("zh-Hant-TW", "zh-Hant", "zh-tw", "zh", "zh-cn"):
        title = parse_survey(one(title={"default": "Gifts", name: "禮物"})).questions[0].title
        assert title.at("zh-Hant-TW") == "禮物"
        assert title.at("en") == "Gifts"


def test_a_survey_is_in_the_languages_in_which_every_question_is_asked() -> None:
    both = {"default": "a", "lv": "a", "pt-BR": "a"}
    less = {"name": "r", "type": "text", "title": {"default": "b", "lv": "b"}}
    assert parse_survey(one(title=both)).languages == {"lv", "pt"}
    assert parse_survey({"elements": [*one(title=both)["elements"], less]}).languages == {"lv"}
    assert parse_survey(one(title="a")).languages == set()


def _body() -> dict[str, Any]:
    return {"elements": [{"name": "q", "type": "text", "inputType": "date", "min": "2026-01-01"}]}


def test_bounds_are_typed() -> None:
    assert parse_survey(_body()).questions[0].least == date(2026, 1, 1)


@pytest.mark.parametrize(
    ("survey", "words"),
    [
        ([], "A form is an object"),
        ({"title": "T"}, "'elements'"),
        ({"elements": []}, "1 to 200 questions"),
        ({"pages": 3}, "'pages' is a list"),
        ({"pages": [{"elements": [7]}]}, "page 1, question 1"),
        (one(type="imagepicker"), "radiogroup, checkbox, rating, text, comment, boolean, dropdown"),
        (one(type="panel", name="address"), "question 'address'"),
        (one(inputType="color"), "text, email, number, date, tel"),
        (one(name="m"), "'m'"),
        (one(name="for whom"), "'for whom'"),
        (one(type="radiogroup"), "list of 1 to 500 choices"),
        (one(type="radiogroup", choices=["a", "a"]), "two choices"),
        (one(type="radiogroup", choices=["a", {"text": "b"}]), "choice 2"),
        (one(type="radiogroup", choices=["a"], showOtherItem=True), "showOtherItem"),
        (one(type="rating", rateMin=1, rateMax=99), "2 to 20 steps"),
        (one(inputType="number", min="three"), "min"),
        (one(inputType="number", min=3, max=1), "above"),
        (one(inputType="date", max="tomorrow"), "2026-05-31"),
        (one(inputType="number", step=0), "'step' is a number above 0"),
        (one(inputType="date", step=7), "'step' is a number above 0"),
        (one(type="boolean", consent={"purpose": "Marketing", "channel": "email"}), "consent names"),
        (one(maxLength=0), "maxLength"),
        (one(isRequired="yes"), "true or false"),
        (one(fact="Gift For"), "Gift For"),
        (one(title=["a"]), "title"),
        (one(visibleIf="{q} = 1"), "no question 'q' before it"),
        (one(visibleIf="{nobody} = 1"), "no question 'nobody' before it"),
        (one(visibleIf="os.system('x')"), "question 'q', visibleIf"),
        (one(type="boolean", consent={"purpose": "marketing"}), "consent names"),
        (one(type="boolean", consent={"purpose": "marketing", "channel": "email"}, isRequired=True), "free"),
        ({"triggers": [{}], **_body()}, "triggers"),
        ({"elements": [{"name": "q", "type": "text"}] * 2}, "Two questions"),
        (
            {
                "elements": [
                    {"name": "a", "type": "text", "fact": "f"},
                    {"name": "b", "type": "text", "inputType": "number", "fact": "f"},
                ]
            },
            "the fact 'f'",
        ),
    ],
)
def test_what_cannot_be_asked_is_refused_naming_the_place(survey: Any, words: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse_survey(survey)
    assert words in str(refused.value)
