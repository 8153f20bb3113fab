"""A form that is edited or closed while customers are at it: nothing is lost or taken for something else."""

from typing import Any

import pytest
from tests.web.pages.visits import Client, Shop, action_of, fields_of, send, text_of

from regulars.engage import changing, forms
from regulars.words.clock import utc_now

NAME = {"type": "text", "name": "whose", "title": "What is their first name?"}
PET = {"type": "text", "name": "pet", "title": "What is your dog called?"}
WRITE: dict[str, Any] = {
    "type": "boolean",
    "name": "may_write",
    "title": "May we write to you?",
    "labelTrue": "Yes, by e-mail.",
    "consent": {"purpose": "marketing", "channel": "email"},
}


@pytest.fixture
def form(shop: Shop) -> str:
    return shop.make("names", {"title": {"default": "Names", "lv": "Vārdi"}, "elements": [NAME, PET, WRITE]})


def edit(shop: Shop, form: str, *elements: dict[str, Any]) -> None:
    with shop.house.database.workspace(shop.workspace) as tx:
        changing.save_form(tx, form, {"title": "Names", "elements": list(elements)}, utc_now())


def close(shop: Shop, form: str) -> None:
    with shop.house.database.workspace(shop.workspace) as tx:
        changing.close_form(tx, form, utc_now())


def answers(shop: Shop, form: str) -> dict[str, Any]:
    with shop.house.database.workspace(shop.workspace) as tx:
        return forms.records.list_responses(tx, form, limit=1, before=None)[0].answers


def test_an_answer_belongs_to_the_question_that_was_read_wherever_it_stands_now(
    client: Client, shop: Shop, form: str
) -> None:
    page = client.get(f"/f/{form}")
    assert "What is their first name?" in text_of(page)
    edit(shop, form, PET, NAME, WRITE)
    send(client, page, "Marta")
    assert answers(shop, form) == {"whose": "Marta"}


def test_a_question_that_says_something_else_now_is_shown_again_before_its_answer_is_taken(
    client: Client, shop: Shop, form: str
) -> None:
    page = send(client, send(client, client.get(f"/f/{form}"), "Marta"), "Rex")
    assert "Yes, by e-mail." in text_of(page)
    edit(shop, form, NAME, PET, WRITE | {"labelTrue": "Yes, and ring me up, too."})
    page = send(client, page, "true")
    assert page.status_code == 400
    assert "This question was changed while you were reading." in text_of(page)
    assert "Yes, and ring me up, too." in text_of(page)
    assert answers(shop, form) == {"whose": "Marta", "pet": "Rex"}
    assert "You said: “Yes, and ring me up, too.”" in text_of(send(client, page, "true"))


def test_a_question_that_was_taken_out_leads_to_the_beginning(client: Client, shop: Shop, form: str) -> None:
    page = send(client, client.get(f"/f/{form}"), "Marta")
    edit(shop, form, NAME, WRITE)
    assert "What is their first name?" in text_of(send(client, page, "Rex"))
    assert answers(shop, form) == {"whose": "Marta"}


def test_a_closed_form_is_kind_to_whoever_comes_in_their_language(client: Client, shop: Shop, form: str) -> None:
    close(shop, form)
    page = client.get(f"/f/{form}", headers={"accept-language": "lv"})
    assert page.status_code == 200
    assert "Vārdi" in text_of(page)
    assert "These questions are closed" in text_of(client.get(f"/f/{form}"))
    assert client.get(f"/f/{form}/1").url.path == f"/f/{form}"


def test_what_was_begun_before_it_closed_is_kept_and_goes_on_when_it_opens(
    client: Client, shop: Shop, form: str
) -> None:
    page = send(client, client.get(f"/f/{form}"), "Marta")
    close(shop, form)
    late = client.post(action_of(page), data={**fields_of(page), "answer": "Rex"})
    assert late.status_code == 409
    assert "What you answered is kept" in text_of(client.get(f"/f/{form}"))
    assert answers(shop, form) == {"whose": "Marta"}
    with shop.house.database.workspace(shop.workspace) as tx:
        changing.reopen_form(tx, form)
    assert "Thank you" in text_of(send(client, send(client, page, "Rex")))
    close(shop, form)
    again = text_of(client.get(f"/f/{form}"))
    assert "You told us already" in again
    assert "Change my answers" not in again
