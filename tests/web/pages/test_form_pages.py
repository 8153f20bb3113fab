"""Filling in a form: one question a screen, without JavaScript; GET shows and POST answers."""

import re
from datetime import timedelta
from typing import Any

import pytest
from tests.web.forms_of import forms_of
from tests.web.pages.visits import BASE, Client, Shop, action_of, fields_of, send, text_of, walk

from regulars.access.links import Link
from regulars.words.clock import utc_now

ANSWERS = {
    "For whom do you like to give?": ["mother"],
    "What is their first name?": ["Zelma"],
    "What is the next occasion?": ["birthday"],
    "When is it?": ["2026-05-14"],
    "What makes them smile?": ["baking", "garden"],
    "How early do you find a gift?": ["4"],
    "How many gifts do you give in a year, about?": ["12"],
    "Where may we send your gift ideas?": ["Ieva@Example.com"],
    "May we remind you?": ["true"],
}


def test_a_visitor_fills_in_the_quiz_and_reads_what_will_be_remembered(client: Client, shop: Shop) -> None:
    thanks = walk(client, f"/f/{shop.quiz}", ANSWERS)
    said = text_of(thanks)
    assert thanks.url.path == f"/f/{shop.quiz}/thanks"
    assert "We will remember: For whom do you like to give? My mother" in said
    assert "Zelma" in said
    assert "14 May 2026" in said
    assert "You said: “Yes, write to me by e-mail" in said
    [event] = shop.events("form.answered")
    assert event.props["verified"] is False
    assert {one["fact"] for one in event.props["answers"]} >= {"gift_for", "whose", "occasion", "occasion_date"}


def test_looking_at_questions_keeps_nothing_and_sets_no_cookie(client: Client, shop: Shop) -> None:
    for path in (f"/f/{shop.quiz}", f"/f/{shop.budget}?m={shop.token()}&budget=10-to-25", f"/f/{shop.quiz}/3"):
        page = client.get(path)
        assert page.status_code == 200
        assert not page.cookies
        assert page.headers["cache-control"] == "no-store"
    assert shop.events() == []


def test_the_cookie_comes_with_the_first_answer_and_only_for_us(client: Client, shop: Shop) -> None:
    page = client.get(f"/f/{shop.quiz}")
    answer = client.post(action_of(page), data={**fields_of(page), "answer": "mother"}, follow_redirects=False)
    assert answer.status_code == 303
    cookie = answer.headers["set-cookie"]
    for part in ("HttpOnly", "Secure", "SameSite=lax", "Path=/f/"):
        assert part.lower() in cookie.lower()
    again = send(client, client.get(f"/f/{shop.quiz}"), "friend")
    assert "set-cookie" not in again.history[0].headers


def test_a_question_that_does_not_apply_is_not_asked(client: Client, shop: Shop) -> None:
    page = send(client, client.get(f"/f/{shop.quiz}"), "myself")
    assert "What is the next occasion?" in text_of(page)
    page = send(client, page, "christmas")
    assert "What makes them smile?" in text_of(page)
    hidden = client.get(f"/f/{shop.quiz}/4")
    assert hidden.url.path == f"/f/{shop.quiz}"


def test_one_can_go_back_and_finds_the_answer_given(client: Client, shop: Shop) -> None:
    page = send(client, client.get(f"/f/{shop.quiz}"), "friend")
    assert "Question 2 of 9" in text_of(page)
    back = re.search(r'class="back" href="([^"]+)"', page.text)
    assert back
    page = client.get(back[1])
    assert re.search(r'value="friend" checked', page.text)


def test_a_wrong_answer_is_explained_beside_the_question_and_stays_as_typed(client: Client, shop: Shop) -> None:
    page = client.get(f"/f/{shop.quiz}")
    for title, answers in ANSWERS.items():
        if title.startswith("How many gifts"):
            break
        page = send(client, page, *answers)
    wrong = send(client, page, "a dozen")
    assert wrong.status_code == 400
    assert "Please write a number, such as 12 or 12.5." in text_of(wrong)
    assert 'value="a dozen"' in wrong.text
    assert 'aria-invalid="true"' in wrong.text
    assert "Where may we send" in text_of(send(client, wrong, "12"))


def test_a_required_question_left_out_is_asked_again(client: Client, shop: Shop) -> None:
    page = send(client, client.get(f"/f/{shop.quiz}"))
    assert page.status_code == 400
    assert "Please answer this question" in text_of(page)
    assert not page.cookies


def test_jumping_to_the_end_leads_to_what_is_missing(client: Client, shop: Shop) -> None:
    page = client.post(f"/f/{shop.quiz}/9", data={"answer": "true"}, headers={"sec-fetch-site": "same-origin"})
    assert "For whom do you like to give?" in text_of(page)
    assert shop.events() == []


def test_the_box_of_consent_is_never_ticked_beforehand(client: Client, shop: Shop) -> None:
    page = client.get(f"/f/{shop.quiz}/9?may_write=true&answer=true")
    assert "May we remind you?" in text_of(page)
    assert "checked" not in page.text
    form = shop.make(
        "only-consent",
        {"elements": [{"name": "ok", "type": "boolean", "consent": {"purpose": "marketing", "channel": "email"}}]},
    )
    assert "checked" not in client.get(f"/f/{form}?ok=true").text


def test_posting_the_last_answer_many_times_says_it_once(client: Client, shop: Shop) -> None:
    page = client.get(f"/f/{shop.budget}")
    data = {**fields_of(page), "answer": "10-to-25"}
    for _ in range(3):
        client.cookies.clear()
        assert client.post(action_of(page), data=data).status_code == 200
    assert len(shop.events("form.answered")) == 1


def test_a_question_in_a_mail_is_answered_by_one_button_without_logging_in(client: Client, shop: Shop) -> None:
    page = client.get(f"/f/{shop.budget}?m={shop.token(form=shop.budget)}&budget=10-to-25")
    assert re.search(r'value="10-to-25" checked', page.text)
    assert "Send my answer" in text_of(page)
    assert shop.events() == []
    thanks = send(client, page, "10-to-25")
    assert "You told us: How much would you like to spend on this gift? £10 to £25 We will remember it." in text_of(
        thanks
    )
    assert not client.cookies
    [event] = shop.events("form.answered")
    assert (event.identity_id, event.props["verified"], event.props["message"]) == (shop.identity(), True, 7)
    assert event.props["answers"][0]["fact"] == "budget"
    assert event.props["answers"][0]["words"] == "£10 to £25"


def test_coming_back_by_the_same_mail_shows_the_answer_and_another_choice_changes_it(
    client: Client, shop: Shop
) -> None:
    url = f"/f/{shop.budget}?m={shop.token()}"
    send(client, client.get(f"{url}&budget=10-to-25"), "10-to-25")
    for again in (url, f"{url}&budget=10-to-25"):
        assert "You told us already" in text_of(client.get(again))
    page = client.get(f"{url}&budget=over-50")
    assert re.search(r'value="over-50" checked', page.text)
    send(client, page, "over-50")
    said = [one.props["answers"][0]["value"] for one in shop.events("form.answered")]
    assert said == ["10-to-25", "over-50"]


def test_whoever_is_known_is_not_asked_for_their_address(client: Client, shop: Shop) -> None:
    thanks = walk(client, f"/f/{shop.quiz}?m={shop.token()}", ANSWERS)
    assert "We will remember" in text_of(thanks)
    assert "look into your mail" not in text_of(thanks)
    [event] = shop.events("form.answered")
    assert "email" not in {one["question"] for one in event.props["answers"]}
    assert event.props["consents"][0]["granted"] is True
    assert shop.mail() == []


def test_taking_back_a_tick_says_no(client: Client, shop: Shop) -> None:
    url = f"/f/{shop.quiz}?m={shop.token()}"
    walk(client, url, ANSWERS)
    send(client, client.get(f"/f/{shop.quiz}/9?m={shop.token()}"))
    assert [one.props["consents"][0]["granted"] for one in shop.events("form.answered")] == [True, False]


def test_two_visitors_do_not_see_each_others_answers(client: Client, other: Client, shop: Shop) -> None:
    walk(client, f"/f/{shop.quiz}", ANSWERS)
    assert "Zelma" not in other.get(f"/f/{shop.quiz}/2").text
    assert other.get(f"/f/{shop.quiz}/thanks").url.path == f"/f/{shop.quiz}"


def test_what_customers_type_is_never_markup(client: Client, shop: Shop) -> None:
    thanks = walk(client, f"/f/{shop.quiz}", {**ANSWERS, "What is their first name?": ["<script>alert(1)</script>"]})
    assert "<script>" not in thanks.text
    assert "&lt;script&gt;" in thanks.text


@pytest.mark.parametrize("headers", [{"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}])
def test_another_sites_page_cannot_answer_in_a_visitors_name(
    client: Client, shop: Shop, headers: dict[str, str]
) -> None:
    page = client.get(f"/f/{shop.budget}")
    answer = client.post(action_of(page), data={**fields_of(page), "answer": "over-50"}, headers=headers)
    assert answer.status_code == 403
    assert shop.events() == []


def test_our_own_page_can(client: Client, shop: Shop) -> None:
    page = client.get(f"/f/{shop.budget}")
    answer = client.post(action_of(page), data={**fields_of(page), "answer": "over-50"}, headers={"origin": BASE})
    assert answer.status_code == 200
    assert len(shop.events()) == 1


def test_an_unknown_form_says_what_to_do(client: Client, shop: Shop) -> None:
    page = client.get("/f/nothing-here")
    assert page.status_code == 404
    assert "Look at the link once more" in text_of(page)


def links(shop: Shop) -> dict[str, str]:
    sign = shop.house.links.sign
    good = shop.token()
    return {
        "forged": good[:-3] + ("abc" if good[-3:] != "abc" else "cba"),
        "of another workspace": sign(Link("somewhere_else", 1, 7)),
        "for another form": sign(Link(shop.workspace, shop.identity(), 7, shop.quiz)),
        "nonsense": "x" * 5000,
    }


@pytest.mark.parametrize("kind", ["forged", "of another workspace", "for another form", "nonsense"])
def test_a_link_that_is_not_right_says_what_to_do_and_answers_nothing(client: Client, shop: Shop, kind: str) -> None:
    url = f"/f/{shop.budget}/1?m={links(shop)[kind]}"
    for page in (client.get(url), client.post(url, data={"answer": "over-50"})):
        assert page.status_code == 403
        assert "This link does not work" in text_of(page)
        assert re.search(f'(href|action)="/f/{shop.budget}(/1)?"', page.text)
    assert shop.events() == []


def test_what_was_typed_when_a_link_died_can_be_sent_without_it(
    client: Client, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = shop.token()
    later = utc_now() + timedelta(days=100)
    monkeypatch.setattr("regulars.web.pages.visit.utc_now", lambda: later)
    dead = client.post(f"/f/{shop.budget}/1?m={token}", data={"answer": "over-50"})
    assert (dead.status_code, "It was not saved" in text_of(dead)) == (403, True)
    (form,) = [one for one in forms_of(dead.text) if one.method == "post"]
    assert form.fields["answer"] == "over-50"
    assert client.post(form.action, data=form.fields).status_code == 200
    assert len(shop.events()) == 1
    elsewhere = client.post(
        f"/f/{shop.budget}/1?m=x", data={"answer": "evil"}, headers={"sec-fetch-site": "cross-site"}
    )
    assert "evil" not in elsewhere.text


def test_an_old_link_says_so(client: Client, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    token = shop.token()
    later = utc_now() + timedelta(days=100)
    monkeypatch.setattr("regulars.web.pages.visit.utc_now", lambda: later)
    page = client.get(f"/f/{shop.budget}?m={token}")
    assert page.status_code == 403
    assert "too old" in text_of(page)


@pytest.mark.parametrize(
    "element",
    [
        {"type": "dropdown", "choices": ["a", "b"]},
        {"type": "comment"},
        {"type": "boolean"},
        {"type": "text", "inputType": "tel"},
        {"type": "rating", "rateMin": 0, "rateMax": 10},
    ],
)
def test_every_type_of_question_has_its_page(client: Client, shop: Shop, element: dict[str, Any]) -> None:
    form = shop.make("one", {"elements": [{"name": "q", "title": {"default": "Say", "lv": "Saki"}, **element}]})
    page = client.get(f"/f/{form}")
    assert "Say" in text_of(page)
    assert 'name="answer"' in page.text
    assert send(client, page).status_code == 200


def test_the_pages_are_light_and_need_nothing_from_elsewhere(client: Client, shop: Shop) -> None:
    page = client.get(f"/f/{shop.quiz}")
    assert "<script" not in page.text
    assert "style=" not in page.text
    styles = re.findall(r'<link rel="stylesheet" href="([^"]+)"', page.text)
    assert all(style.startswith("/static/") for style in styles)
    assert len(page.content) + sum(len(client.get(style).content) for style in styles) < 60_000
    assert "default-src 'self'" in page.headers["content-security-policy"]


def test_an_address_is_mailed_once_and_confirmed_by_a_button(client: Client, shop: Shop) -> None:
    thanks = walk(client, f"/f/{shop.quiz}", ANSWERS)
    assert "We have sent a mail to ieva@example.com" in text_of(thanks)
    [mail] = shop.mail()
    assert (mail.recipient, mail.subject) == ("ieva@example.com", "Is this your address?")
    found = re.search(r"https://gifts.example(/confirm/\S+)", mail.text)
    assert found
    assert found[0] in mail.html
    path = found[1]
    page = client.get(path)
    assert "Is this your address?" in text_of(page)
    assert [one.kind for one in shop.events()] == ["form.answered", "message.sent"]
    for _ in range(2):
        assert "the address is confirmed" in text_of(client.post(path))
    assert [one.kind for one in shop.events()] == [
        "form.answered",
        "message.sent",
        "identify",
        "consent.changed",
        "form.answered",
    ]
    assert "look into your mail" not in text_of(client.get(f"/f/{shop.quiz}/thanks"))


@pytest.mark.parametrize("token", ["nobody.abc", "x", "WS.x", "demo"])
def test_a_forged_confirmation_says_what_to_do(client: Client, shop: Shop, token: str) -> None:
    for page in (client.get(f"/confirm/{token}"), client.post(f"/confirm/{shop.workspace}.{token}")):
        assert page.status_code == 403
        assert "This link does not work" in text_of(page)
