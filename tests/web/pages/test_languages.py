"""A form is read in the language that its visitor reads best, among the form's own and ours."""

from typing import Any

import pytest
from tests.web.pages.visits import Client, Shop

QUESTION: dict[str, Any] = {
    "type": "radiogroup",
    "name": "whom",
    "title": {"default": "For whom?", "de": "Für wen?", "lv": "Kam?", "ar": "لمن؟", "zh-tw": "送給誰？"},
    "choices": [{"value": "mother", "text": {"default": "My mother", "lv": "Manai mātei"}}, "friend"],
}


@pytest.mark.parametrize(
    ("reader", "lang", "asked", "button"),
    [
        ("lv-LV,lv;q=0.9,en;q=0.5", 'lang="lv-LV" dir="ltr"', "Kam?", "Nosūtīt manu atbildi"),
        ("de-AT,en;q=0.5", 'lang="de-AT" dir="ltr"', "Für wen?", "Send my answer"),
        ("ar,en;q=0.5", 'lang="ar" dir="rtl"', "لمن؟", "Send my answer"),
        ("zh-TW", 'lang="zh-Hant-TW" dir="ltr"', "送給誰？", None),
        ("fr", 'lang="en" dir="ltr"', "For whom?", "Send my answer"),
    ],
)
def test_a_form_is_asked_in_its_visitors_language(
    client: Client, shop: Shop, reader: str, lang: str, asked: str, button: str | None
) -> None:
    name = shop.make("languages", {"title": "Gifts", "elements": [QUESTION]})
    page = client.get(f"/f/{name}", headers={"Accept-Language": reader}).text
    assert lang in page
    assert asked in page
    assert (button or "") in page


def test_what_is_wrong_with_an_answer_is_said_in_the_visitors_language(client: Client, shop: Shop) -> None:
    name = shop.make("languages", {"title": "Gifts", "elements": [{**QUESTION, "isRequired": True}]})
    reader = {"Accept-Language": "lv", "Origin": "https://gifts.example"}
    page = client.post(f"/f/{name}/1", headers=reader, data={"answer": ""}).text
    assert "Lūdzu, atbildiet uz šo jautājumu" in page
    assert f'name="to" value="/f/{name}/1"' in page  # who chooses another language there comes back to the question
