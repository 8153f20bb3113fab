"""A form is composed by choosing, also without scripts; as text it is the same, and nothing is lost between them."""

import json

import pytest
from playwright.sync_api import expect
from tests.web.at_desk import at_desk
from tests.web.console_story import QUIZ
from tests.web.form_desk import Composer

from regulars.access.records import Workspace
from regulars.engage import changing, forms
from regulars.engage.kinds import KINDS, kind_of
from regulars.engage.questions import INPUTS, TYPES
from regulars.engage.survey import parse_survey
from regulars.remember import facts
from regulars.web.console.form_starts import STARTS, start
from regulars.words.clock import utc_now


@pytest.fixture
def own(workspace):
    """A name that no other test's workspace has taken."""
    return f"form-{workspace.replace('_', '-')}"


@pytest.fixture
def composer(client, home):
    return Composer(client, f"{home}/new/form?start_from=nothing")


def form_of(shop, name):
    with shop.tx() as tx:
        return forms.get_form(tx, name), forms.survey_of(tx, name)


def test_every_kind_of_question_can_be_chosen_and_there_are_no_others():
    types = {one["type"] for one in KINDS.values()}
    inputs = {one["inputType"] for one in KINDS.values() if "inputType" in one} | {"text"}
    assert (types, inputs) == (set(TYPES), set(INPUTS))
    assert [kind_of(one) for one in KINDS.values()] == list(KINDS)


def test_no_answer_is_offered_to_become_what_is_counted(composer, own, shop):
    with shop.tx() as tx:
        facts.declare(tx, "pets", "number", "Pets")
    composer.press("add:number")
    offered = composer.text.partition('<datalist id="facts">')[2].partition("</datalist>")[0]
    assert 'value="pets"' in offered
    assert 'value="orders"' not in offered


def test_a_start_speaks_english_too_where_the_shop_speaks_another_language_first():
    rating = start("feedback", Workspace("w", "W", "sandbox", "", languages=("lv", "en")))["elements"][0]
    assert rating["minRateDescription"] == {"default": "Nemaz nepatika", "en": "Not at all"}


def test_a_form_is_made_by_choosing(composer, own, shop, home):
    composer.press("add:one", title="Gifts")
    assert "What you ask" in composer.text
    composer.press("add-choices", q__title="For whom do you like to give?", q__more="My mother\nA good friend\n\n")
    composer.press("look", q__required="1", q__fact="gift_for")
    assert "<legend><h1>For whom do you like to give?</h1></legend>" in composer.text
    composer.press("add:short")
    shown_if = {"q__if__0__question": "for_whom_do_you_like_to_give", "q__if__0__test": "is"}
    composer.press("shown-if", q__title="What is her name?", **shown_if, q__if__0__value="my_mother")
    composer.press("add:permission")
    made = composer.press("save", name=own, q__purpose="news")
    assert made.headers["location"] == f"{home}/forms/{own}?done=made"
    form, _ = form_of(shop, own)
    whom, name, consent = form.survey.questions
    assert [(one.value, one.text.at("en")) for one in whom.choices] == [
        ("my_mother", "My mother"), ("a_good_friend", "A good friend"),
    ]  # fmt: skip
    assert (whom.required, whom.fact, consent.consent.purpose) == (True, "gift_for", "news")
    assert [one.name for one in form.survey.asked({whom.name: "my_mother"})] == [whom.name, name.name, consent.name]
    assert [one.name for one in form.survey.asked({whom.name: "a_good_friend"})] == [whom.name, consent.name]


def test_questions_are_moved_duplicated_and_taken_out_which_can_be_undone(client, home, shop):
    composer = Composer(client, f"{home}/forms/gift-quiz/edit")
    composer.press("down:0")
    assert [one["name"] for one in composer.survey["elements"]] == ["whose", "for_whom", "may_write"]
    composer.press("copy:1")
    assert [one["name"] for one in composer.survey["elements"]] == ["whose", "for_whom", "question_4", "may_write"]
    composer.press("drop:2")
    assert len(composer.survey["elements"]) == 3
    assert "The question was taken out." in composer.text
    composer.press("back")
    assert len(composer.survey["elements"]) == 4


def test_a_question_moved_before_what_it_hangs_on_says_so_beside_it(client, home, shop):
    composer = Composer(client, f"{home}/new/form?start_from=gifts")
    composer.press("open:2")
    composer.press("up:2")
    assert "a question that does not come before it" in composer.text
    refused = composer.press("save")
    assert (refused.status_code, "a question that does not come before it" in composer.text) == (400, True)


def test_one_language_is_written_and_the_others_stay(client, home, shop):
    composer = Composer(client, f"{home}/forms/gift-quiz/edit")
    composer.press("lang:lv")
    assert 'placeholder="For whom do you like to give?"' in composer.page.text
    composer.press("look", title="Kam tu dāvini?", q__title="Kam?", q__choice__0="Mammai")
    composer.press("lang:default")
    assert composer.fields["q.title"] == "For whom do you like to give?"
    composer.press("save", q__title="For whom?")
    _, survey = form_of(shop, "gift-quiz")
    whom = survey["elements"][0]
    assert whom["title"] == {"default": "For whom?", "lv": "Kam?"}
    assert whom["choices"][0] == {"value": "mother", "text": {"default": "My mother", "lv": "Mammai"}}
    assert survey["title"] == {"default": QUIZ["title"], "lv": "Kam tu dāvini?"}


def test_a_language_is_offered_once_however_its_texts_name_it(client, home, shop):
    with shop.tx() as tx:
        forms.create_form(tx, "gifts", QUIZ | {"title": {"default": "Gifts", "zh-Hant": "禮物"}}, utc_now())
    page = client.get(f"{home}/forms/gifts/edit").text
    assert page.count("中文") == 1


STRANGE = {
    "title": {"default": "Odd\nlines", "LV": "Dīvaini"},
    "logo": "https://x.example/logo.png",
    "pages": [
        {"name": "one", "elements": [{"type": "rating", "name": "r", "rateValues": [1, {"value": 5, "text": "Yes"}]}]},
        {
            "visibleIf": "{r} = 5",
            "elements": [
                {"type": "checkbox", "name": "c", "choices": ["a b", 2, {"value": 3.5, "text": {"lv": "trīs"}}]},
                {"type": "text", "name": "n", "inputType": "number", "min": 1.5, "step": 1, "maxLength": 9},
                {
                    "type": "comment",
                    "name": "w",
                    "visibleIf": "({r} = 5 and {n} > 2) or {c} anyof ['a b']",
                    "x": [None],
                },
            ],
        },
    ],
}


def test_opening_every_question_and_going_to_text_and_back_loses_nothing(client, home, shop, own):
    with shop.tx() as tx:
        forms.create_form(tx, own, STRANGE, utc_now())
    composer = Composer(client, f"{home}/forms/{own}/edit")
    for place in range(4):
        composer.press(f"open:{place}")
    composer.press("lang:lv")
    composer.press("open:1")
    composer.press("text")
    assert '"logo": "https://x.example/logo.png"' in composer.fields["survey"]
    composer.press("fields")
    assert composer.survey == STRANGE
    assert composer.press("save").headers["location"] == f"{home}/forms/{own}?done=same"


def test_text_that_is_no_form_stays_with_what_is_wrong(client, home, shop):
    composer = Composer(client, f"{home}/forms/gift-quiz/edit")
    composer.press("text")
    composer.press("fields", survey='{"title": "Half')
    assert composer.page.status_code == 400
    assert "This is not JSON" in composer.text
    assert composer.fields["survey"] == '{"title": "Half'


def test_what_is_composed_is_a_draft_and_comes_back_after_a_closed_tab(composer, client, home):
    composer.press("add:date", title="Birthdays")
    composer.press("look", q__title="When is it?")
    composer.press("shut", q__title="When is it?")
    again = Composer(client, f"{home}/new/form")
    assert "You began this and have not saved it" in again.text
    assert again.survey["elements"][0]["title"] == "When is it?"
    other = Composer(client, f"{home}/new/form?start_from=signup")
    assert "You have begun another form" in other.text
    assert other.survey["title"] != "Birthdays"


def test_what_would_mean_something_else_is_refused_beside_its_question(client, home, shop):
    composer = Composer(client, f"{home}/forms/gift-quiz/edit")
    composer.press("text")
    asked = json.loads(composer.fields["survey"])
    asked["elements"][2]["consent"]["purpose"] = "everything"
    composer.press("fields", survey=json.dumps(asked))
    refused = composer.press("save")
    assert refused.status_code == 400
    assert "what it permits cannot change" in composer.text
    assert "Question 3" in composer.text


def test_two_people_who_save_are_shown_both_and_mine_can_be_saved_over_theirs(client, home, shop):
    composer = Composer(client, f"{home}/forms/gift-quiz/edit")
    with shop.tx() as tx:
        changing.save_form(tx, "gift-quiz", QUIZ | {"title": "Theirs"}, utc_now())
    met = composer.press("save", title="Mine")
    assert (met.status_code, "Two versions of" in met.text) == (409, True)
    assert "Theirs" in met.text
    assert "Mine" in met.text
    assert form_of(shop, "gift-quiz")[0].version == 2
    assert "Mine" in Composer(client, f"{home}/forms/gift-quiz/edit").text


def test_a_change_is_undone_and_a_form_closed_opened_and_duplicated(client, home, shop):
    composer = Composer(client, f"{home}/forms/gift-quiz/edit")
    csrf = composer.fields["csrf"]
    saved = composer.press("save", title="Gifts")
    page = client.get(saved.headers["location"])
    assert f'action="{home}/forms/gift-quiz/undo/2"' in page.text
    assert client.post(f"{home}/forms/gift-quiz/undo/2", data={"csrf": csrf}).status_code == 303
    form, survey = form_of(shop, "gift-quiz")
    assert (form.version, survey) == (3, QUIZ)
    assert client.post(f"{home}/forms/gift-quiz/undo/2", data={"csrf": csrf}).status_code == 409
    closed = client.post(f"{home}/forms/gift-quiz/close", data={"csrf": csrf})
    page = client.get(closed.headers["location"]).text
    assert f'action="{home}/forms/gift-quiz/reopen"' in page
    assert "Remember" in page.partition("These templates ask its first question")[2]
    assert ">closed<" in client.get(f"{home}/forms").text
    client.post(f"{home}/forms/gift-quiz/reopen", data={"csrf": csrf})
    assert form_of(shop, "gift-quiz")[0].closed_at is None
    assert Composer(client, f"{home}/new/form?like=gift-quiz").survey == QUIZ


@pytest.mark.parametrize("name", STARTS)
def test_a_good_start_can_be_made_as_it_is(client, home, own, shop, name):
    composer = Composer(client, f"{home}/new/form?start_from={name}")
    assert parse_survey(composer.survey).questions
    assert composer.press("save", name=own).status_code == 303


@pytest.mark.browser
@pytest.mark.parametrize("width", [1440, 390])
def test_the_phone_follows_while_one_types_and_the_form_is_made(
    browser, address, house, workspace, home, shop, own, width
):
    with at_desk(browser, address, house, workspace, width) as page:
        page.goto(f"{address}{home}/new/form")
        page.get_by_role("link", name="An empty form").click()
        page.get_by_label("Title", exact=True).fill("Gifts")
        page.get_by_role("button", name="Choose one").click()
        expect(page.get_by_label("What you ask")).to_be_focused()
        page.keyboard.type("For whom do you like to give?")
        page.get_by_label("Answers", exact=True).fill("My mother\nA good friend")
        screen = page.frame_locator("#screen iframe")
        expect(screen.get_by_role("radio", name="A good friend")).to_be_visible()
        page.get_by_role("button", name="Add these answers").click()
        expect(page.get_by_label("Answer 2", exact=True)).to_have_value("A good friend")
        page.get_by_label("Answer 2", exact=True).fill("A dear friend")
        expect(screen.get_by_role("radio", name="A dear friend")).to_be_visible()
        expect(page.get_by_text("Kept as a draft")).to_be_visible()
        page.get_by_label("Link", exact=True).fill(own)
        page.get_by_role("button", name="Make the form").click()
        expect(page.get_by_text("The form is made.")).to_be_visible()
    assert [one.value for one in form_of(shop, own)[0].survey.questions[0].choices] == ["my_mother", "a_dear_friend"]


@pytest.mark.parametrize(
    "broken",
    [
        {"type": "rating", "name": "r", "rateMin": "low", "rateCount": "x"},
        {"type": "boolean", "name": "b", "consent": "yes"},
        {"type": "boolean", "name": "b", "consent": {}},
        {"type": "radiogroup", "name": "c", "choices": "a"},
        {"type": ["text"], "title": 7, "visibleIf": 3},
        {},
    ],
)
def test_a_question_that_is_broken_is_shown_and_said(client, home, shop, broken):
    composer = Composer(client, f"{home}/forms/gift-quiz/edit")
    composer.press("text")
    composer.press("fields", survey=json.dumps({"title": {"xq": "Odd"}, "elements": [broken]}))
    for do in ("open:0", "lang:xq", "choice-up:1", "text"):
        assert composer.press(do).status_code == 200
    composer.press("fields")
    mended = broken.get("type") == "rating"  # its scale was chosen anew from the list
    assert composer.press("save").status_code == (303 if mended else 400)
