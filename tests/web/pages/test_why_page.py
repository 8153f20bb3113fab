"""Why a message was sent, as its reader sees it; and a mail program's one click stops what the message was about."""

import re

import pytest
from tests.web.console_story import Shop as Story
from tests.web.pages.visits import Client, text_of

from regulars.access.links import Link
from regulars.engage import confirmations, forms, preferences, responses
from regulars.hear.identities import intern
from regulars.hear.imports.customers import IMPORTED
from regulars.remember.customers import customer_of
from regulars.speak.messages import of_customer
from regulars.understand import grouping
from regulars.wiring import House
from regulars.words.clock import utc_now

GRANTED = 'name="may.marketing.email" value="1" checked'


def told(house: House, workspace: str) -> tuple[Story, str]:
    story = Story(house, workspace)
    story.tell()
    with story.tx() as tx:
        message = of_customer(tx, story.customer)[0]
    assert message.identity_id
    return story, house.links.sign(Link(workspace, message.identity_id, message.id))


def test_the_reader_sees_their_words_their_consent_and_the_campaign(
    client: Client, house: House, workspace: str
) -> None:
    _, token = told(house, workspace)
    page = client.get(f"/why/{token}")
    said = text_of(page)
    assert page.status_code == 200
    assert "For whom do you like to give?" in said
    assert "My mother" in said
    assert "Yes, write to me by e-mail." in said
    assert "Spring" in said
    assert f'href="/u/{token}"' in page.text


@pytest.mark.parametrize(
    ("how", "said"),
    [
        (IMPORTED, "From our records The newsletter form of our old shop What it was for"),
        ("by telephone", "by telephone The newsletter form of our old shop What it was for"),
    ],
)
def test_the_reader_sees_how_a_consent_came_that_no_form_asked(
    client: Client, house: House, workspace: str, how: str, said: str
) -> None:
    story, now = Story(house, workspace), utc_now()
    story.tell()
    with story.tx() as tx:
        ming = intern(tx, [("email", "ming@post.example")])["email", "ming@post.example"]
        about, words = preferences.MARKETING, "The newsletter form of our old shop"
        preferences.record(tx, ming, about, granted=True, words=words, how=how, at=now, now=now)
    with story.tx() as tx:
        story.answer(tx, forms.get_form(tx, "gift-quiz"), ming, {"for_whom": "mother"}, now)
    story.work()
    assert said in text_of(client.get(why_of(story, ming)))


def test_the_reader_sees_that_they_confirmed_it_by_mail(client: Client, house: House, workspace: str) -> None:
    story, now = Story(house, workspace), utc_now()
    story.tell()
    with story.tx() as tx:
        visitor = intern(tx, [("anonymous", "new-browser")])["anonymous", "new-browser"]
        form = forms.get_form(tx, "gift-quiz")
        response = responses.start(tx, form, responses.Who(visitor, verified=False), now)
        for name, value in {"for_whom": "mother", "may_write": True}.items():
            response = responses.answer(tx, form, response, form.survey.question(name), value)
        consents = responses.said(form, response, "en", str).consents
        secret = confirmations.ask(tx, response, confirmations.Wanted("new@post.example", consents), now)
        responses.finish(tx, form, response, now, locale="en", gettext=str)
    assert client.post(f"/confirm/{workspace}.{secret}").status_code == 200
    story.work()
    said = text_of(client.get(why_of(story, visitor)))
    assert "confirmed it by the link in our mail Yes, write to me by e-mail. What it was for" in said


def why_of(story: Story, identity: int) -> str:
    """The page of why the newest message to somebody was sent."""
    with story.tx() as tx:
        message = of_customer(tx, customer_of(tx, identity))[0]
    assert message.identity_id
    return f"/why/{story.house.links.sign(Link(story.workspace, message.identity_id, message.id))}"


def test_the_reader_is_told_for_which_segment_something_was_said(client: Client, house: House, workspace: str) -> None:
    story, token = told(house, workspace)
    assert "we count you among" not in text_of(client.get(f"/why/{token}"))
    with story.tx() as tx:
        tx.run(
            b"update speak_message set used = jsonb_set(used::jsonb, '{segments}', %(names)s)",
            names='["for-mothers"]',
        )
    assert "we count you among: “They give to their mother”" in text_of(client.get(f"/why/{token}"))


def test_what_we_counted_does_not_pose_as_said_and_is_no_code(client: Client, house: House, workspace: str) -> None:
    story, token = told(house, workspace)
    story.sell()
    with story.tx() as tx:
        tx.run(
            b"update speak_message set used = jsonb_set(used::jsonb, '{told,new_or_returning}', %(quote)s)",
            quote='{"words": "returning", "value": "returning", "seq": 1}',
        )
    said = text_of(client.get(f"/why/{token}"))
    assert said.index("You told us") < said.index("My mother") < said.index("What we counted")
    assert "What we counted New or returning comes back By now: bought once" in said
    assert "New or returning comes back" in text_of(client.get(f"/me/{token}"))
    assert "new_or_returning" not in said


def test_codes_of_ours_are_said_in_words_and_a_group_by_its_title_or_not_at_all(
    client: Client, house: House, workspace: str
) -> None:
    story, token = told(house, workspace)
    story.sell()
    with story.tx() as tx:
        for name, words in (("rfm", '"5-5-4"'), ("rfm_money", '"4"'), ("behaviour_group", '"1"')):
            tx.run(
                b"update speak_message set used = jsonb_set(used::jsonb, %(place)s::text[], %(quote)s)",
                place=["told", name],
                quote=f'{{"words": {words}, "value": {words}, "seq": 1}}',
            )
    for path in (f"/why/{token}", f"/me/{token}"):
        said = text_of(client.get(path))
        assert "How you buy, beside other customers latest, most often, for much" in said, path
        assert "For how much you buy, beside other customers for much" in said, path
        assert not re.search(r"RFM|5-5-4|Group by behaviour", said), path
    with story.tx() as tx:
        grouping.call(tx, 1, "Sons & daughters")
    for path in (f"/why/{token}", f"/me/{token}"):
        assert "Group by behaviour Sons & daughters" in text_of(client.get(path)), path


def test_a_link_to_somebody_elses_message_opens_nothing(client: Client, house: House, workspace: str) -> None:
    story, token = told(house, workspace)
    link = house.links.read(token, utc_now())
    other = house.links.sign(Link(workspace, link.identity_id + 999, link.message_id))
    for wrong in (other, house.links.sign(Link(story.workspace, link.identity_id)), "nonsense"):
        page = client.get(f"/why/{wrong}")
        assert page.status_code == 403
        assert "My mother" not in page.text


def test_the_page_of_preferences_shows_what_was_agreed_and_one_click_takes_it_back(
    client: Client, house: House, workspace: str
) -> None:
    story, token = told(house, workspace)
    assert GRANTED in client.get(f"/u/{token}").text
    assert client.post(f"/u/{token}", data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert GRANTED not in client.get(f"/u/{token}").text
    story.work()
    assert GRANTED not in client.get(f"/u/{token}").text
