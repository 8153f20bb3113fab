"""Why a message was sent, as its reader sees it; and a mail program's one click stops what the message was about."""

from tests.web.console_story import Shop as Story
from tests.web.pages.visits import Client, text_of

from regulars.access.links import Link
from regulars.speak.messages import of_customer
from regulars.wiring import House
from regulars.words.clock import utc_now


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
    assert "checked" in client.get(f"/u/{token}").text
    assert client.post(f"/u/{token}", data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert "checked" not in client.get(f"/u/{token}").text
    story.work()
    assert "checked" not in client.get(f"/u/{token}").text
