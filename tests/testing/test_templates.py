import json
from importlib.resources import files

import pytest

from regulars.speak.context import Quote, Rendered, sample
from regulars.speak.templates import Template, check, render
from regulars.testing.shop.set_up import BUDGET

SHOP = files("regulars.testing.shop")
ASKS = {"remember-the-occasion": BUDGET, "within-budget": None}
CHOICES = [
    choice["text"]["default"]
    for choice in json.loads((SHOP / "forms" / f"{BUDGET}.json").read_text(encoding="utf-8"))["pages"][0]["elements"][
        0
    ]["choices"]
]
TOLD = {
    "gift_for": "My mother",
    "whose": "Anna",
    "occasion": "A birthday",
    "occasion_date": "14 May 2026",
    "budget": CHOICES[1],
}


def template(name: str) -> Template:
    subject, html, text = (
        (SHOP / "templates" / f"{name}.{part}").read_text(encoding="utf-8") for part in ("subject", "html", "txt")
    )
    return Template(1, name, 1, subject, html, text, ASKS[name])


def written(name: str, **told: str) -> Rendered:
    quotes = {fact: Quote(words, words, 1) for fact, words in told.items()}
    return render(template(name), sample(ask=bool(ASKS[name]), told=quotes))


@pytest.mark.parametrize("name", ASKS)
def test_each_template_can_be_sent_to_everybody(name: str) -> None:
    one = template(name)

    check(one.subject, one.html, one.text, ask=bool(one.ask))


def test_the_first_mail_quotes_for_whom_and_which_occasion_and_asks_one_thing() -> None:
    mail = written("remember-the-occasion", **TOLD)

    assert mail.subject == "For Anna, in good time"
    for body in (mail.html, mail.text):
        assert "“My mother” – Anna" in body
        assert "“A birthday” – 14 May 2026" in body
        assert "Which one?" in body
    assert set(mail.used.told) == {"gift_for", "whose", "occasion", "occasion_date"}


def test_the_second_mail_quotes_the_budget_and_the_occasion() -> None:
    mail = written("within-budget", **TOLD)

    assert mail.subject == "“£10 to £25”: three ideas for Anna"
    for body in (mail.html, mail.text):
        assert "“£10 to £25”" in body
        assert "the occasion you named (“A birthday”, 14 May 2026), and with Anna in mind" in " ".join(body.split())


@pytest.mark.parametrize("name", ASKS)
def test_who_told_us_nothing_is_not_quoted(name: str) -> None:
    mail = written(name)

    assert mail.used.told == {}
    assert "“" not in mail.html + mail.text + mail.subject
    assert "Hello," in mail.text


def test_every_budget_that_can_be_chosen_has_ideas_of_its_own() -> None:
    ideas = {choice: written("within-budget", budget=choice).text.replace(choice, "") for choice in [*CHOICES, "Other"]}

    assert len(set(ideas.values())) == len(CHOICES) + 1


@pytest.mark.parametrize("name", ASKS)
def test_mail_is_one_light_column_without_anything_from_elsewhere(name: str) -> None:
    html = template(name).html

    assert "<table" not in html
    assert "src=" not in html
    assert "http" not in html
    assert "prefers-color-scheme: dark" in html
    assert len(html) < 10_000
