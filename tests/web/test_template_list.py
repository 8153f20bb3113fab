"""Templates that are used no more are archived, many at once, and come back; what a live campaign sends stays."""

import re

import pytest
from tests.web.console_story import csrf
from tests.web.noted import noted_in, said

from regulars.speak import archiving, campaigns, library
from regulars.speak.blocks import Blocks, Paragraph
from regulars.words.clock import utc_now

PARTS = {"subject": "A quiet hello", "html": "<p>{{ unsubscribe_url }}</p>", "text": "{{ unsubscribe_url }}"}


@pytest.fixture
def two(shop):
    """Two templates that no campaign sends."""
    with shop.tx() as tx:
        for name in ("winter", "summer"):
            library.save_template(tx, name, **PARTS)


@pytest.fixture
def press(client, home, two):
    """Press the button of the list with templates ticked; the page on which one lands."""

    def ask(path, *names):
        token = csrf(client.get(f"{home}/templates").text)
        answer = client.post(f"{home}{path}", data={"csrf": token} | {f"pick:{name}": "1" for name in names})
        return client.get(answer.headers["location"]).text if answer.status_code == 303 else answer.text

    return ask


def undo(client, page):
    answer = client.post(re.search(r'action="([^"]*/undo/\d+)"', page)[1], data={"csrf": csrf(page)})
    assert answer.status_code == 303
    return client.get(answer.headers["location"]).text


def in_use(shop):
    with shop.tx() as tx:
        return {one.name for one in library.list_templates(tx)}


def draft(tx, name, template):
    given = {"segment": "for-mothers", "template": template, "purpose": "marketing"}
    return campaigns.create(tx, name, title=name, **given)


def test_each_says_what_it_is_written_in(client, home, shop, two):
    with shop.tx() as tx:
        library.save_template(tx, "autumn", subject="Leaves", blocks=Blocks((Paragraph("They fall."),)))
    page = client.get(f"{home}/templates?q=autumn").text
    assert ">blocks<" in page
    assert ">HTML<" in client.get(f"{home}/templates?q=winter").text


def test_several_are_archived_at_once_and_come_back_at_once(client, home, house, workspace, shop, press):
    page = press("/archived/templates", "winter", "summer")
    assert "2 templates are archived." in page
    assert in_use(shop) == {"remember"}
    listed = client.get(f"{home}/templates?only=archived").text
    assert 'name="pick:winter"' in listed
    assert 'name="pick:remember"' not in listed
    assert "Taken back" in undo(client, page)
    assert in_use(shop) == {"remember", "winter", "summer"}
    assert said(noted_in(house, workspace))[-2:] == [
        ("template.archived", "template", "winter, summer"),
        ("change.undone", "", "templates.archived"),
    ]


def test_one_is_brought_back_from_its_own_page(client, home, shop, press):
    assert "The template “Winter” is archived." in press("/archived/templates", "winter")
    page = client.get(f"{home}/templates/winter").text
    assert "This template is archived" in page
    assert f'action="{home}/archived/templates/back"' in page
    assert "new/campaign?template=winter" not in page
    landed = press("/archived/templates/back", "winter")
    assert "The template “Winter” is back." in landed
    assert "winter" in in_use(shop)
    undo(client, landed)
    assert "winter" not in in_use(shop)


def test_while_a_live_campaign_sends_one_all_stay_and_it_is_said(client, home, house, workspace, shop, press):
    page = press("/archived/templates", "winter", "remember")
    assert "The campaign &#39;spring&#39; is live and sends the template &#39;remember&#39;. Stop it first." in page
    assert "winter" in in_use(shop)
    assert not [one for one in noted_in(house, workspace) if one.action == "template.archived" and one.after]
    with shop.tx() as tx:
        campaigns.stop(tx, "spring")
    assert "2 templates are archived." in press("/archived/templates", "winter", "remember")


def test_an_archived_one_is_offered_to_no_campaign_and_none_is_launched_with_it(client, home, shop, press):
    with shop.tx() as tx:
        draft(tx, "cold", "winter")
    press("/archived/templates", "winter")
    offered = client.get(f"{home}/new/campaign").text
    assert '<option value="summer"' in offered
    assert '<option value="winter"' not in offered
    kept = client.get(f"{home}/campaigns/cold/edit").text
    assert re.search(r'<option value="winter" selected>Winter \(archived\)', kept)
    answer = client.post(f"{home}/campaigns/cold/launch", data={"csrf": csrf(kept)})
    assert answer.status_code == 409
    assert "is archived. Bring it back on its page" in answer.text
    with shop.tx() as tx:
        assert campaigns.get(tx, "cold").state == "draft"


def test_what_is_sent_already_is_shown_for_ever(client, home, shop, press):
    with shop.tx() as tx:
        campaigns.stop(tx, "spring")
        archiving.archive(tx, ["remember"], utc_now())
        version = library.get_template(tx, "remember").version
        assert library.save_template(tx, "remember", **PARTS).archived_at is not None
        assert library.get_template(tx, "remember", version).archived_at is not None


def test_it_is_found_by_name_and_subject_and_only_among_those_shown(client, home, press):
    assert 'name="pick:winter"' in client.get(f"{home}/templates?q=wint").text
    page = client.get(f"{home}/templates?q=quiet+hello").text
    assert 'name="pick:winter"' in page
    assert 'name="pick:remember"' not in page
    assert "No template matches this" in client.get(f"{home}/templates?q=wint&only=archived").text
    assert "Nothing is archived" in client.get(f"{home}/templates?only=archived").text


def test_a_list_where_nothing_was_ticked_changes_and_notes_nothing(house, workspace, shop, press):
    before = len(noted_in(house, workspace, action="template.archived"))
    assert 'class="toast"' not in press("/archived/templates")
    assert len(noted_in(house, workspace, action="template.archived")) == before
    assert "There is no template" in press("/archived/templates", "nowhere")
    assert in_use(shop) == {"remember", "winter", "summer"}
