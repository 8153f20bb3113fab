"""A campaign is composed beside whom it reaches and what they would read; edited as a draft, and its title always."""

import re

import msgspec
import pytest
from playwright.sync_api import expect
from tests.web.at_desk import at_desk
from tests.web.console_story import csrf

from regulars.access.audit import Filter, list_entries
from regulars.speak import campaigns
from regulars.understand.segments import create_segment
from regulars.words.clock import utc_now

CHOSEN = {"title": "Again", "segment": "for-mothers", "template": "remember", "purpose": "marketing"}


@pytest.fixture
def draft(shop):
    with shop.tx() as tx:
        create_segment(tx, "everybody", "Everybody we know", {"all": []}, utc_now())
        campaigns.create(tx, "again", **CHOSEN)
    shop.work()
    return "again"


def campaign(shop, name):
    with shop.tx() as tx:
        return campaigns.get(tx, name)


def send(client, home, path, page="", **fields):
    token = csrf(client.get(f"{home}{page or path}").text)
    return client.post(f"{home}{path}", data={"csrf": token, **fields})


def test_what_is_chosen_shows_whom_it_reaches_and_what_they_would_read(client, home, shop, draft):
    page = send(client, home, "/new/campaign", **CHOSEN, name="x", customer=str(shop.customer), do="look")
    assert page.status_code == 200
    assert "Customers whose gift for is “My mother”." in page.text
    assert "of 1 customer in the segment" in page.text
    assert "About My mother" in page.text
    assert "About your gifts" in page.text
    with shop.tx() as tx:
        assert [one.name for one in campaigns.list_campaigns(tx)] == ["again", "spring"]
        assert list_entries(tx, Filter(action="campaign.tried"), limit=1)[0].name == "x"


def test_looking_again_while_one_chooses_is_noted_once_and_what_is_refused_too(client, home, shop, draft):
    looked = CHOSEN | {"name": "x", "customer": str(shop.customer)}
    for _ in range(3):
        send(client, home, "/new/campaign", **looked, do="look")
    refused = send(client, home, "/new/campaign", **looked | {"name": "again"})
    assert refused.status_code == 400
    assert "About My mother" in refused.text
    with shop.tx() as tx:
        noted = [one.name for one in list_entries(tx, Filter(action="campaign.tried"), limit=9)]
    assert sorted(name for name in noted if name) == ["again", "x"]


def test_what_is_typed_is_a_draft_until_it_is_made(client, home, shop):
    fields = {"composer": "campaign", "thing": "", "base": "", "title": "Half a tit", "name": "", "segment": ""}
    assert send(client, home, "/drafts", page="/new/campaign", **fields).status_code == 200
    assert "Half a tit" in client.get(f"{home}/new/campaign").text
    assert send(client, home, "/new/campaign", **CHOSEN, name="made").headers["location"] == f"{home}/campaigns/made"
    assert "Half a tit" not in client.get(f"{home}/new/campaign").text


def test_a_draft_is_edited_and_the_change_undone(client, home, shop, draft):
    saved = send(
        client, home, "/campaigns/again/edit", **CHOSEN | {"title": "Everybody", "segment": "everybody"}, base="1"
    )
    now = campaign(shop, "again")
    assert (now.title, now.segment, now.version) == ("Everybody", "everybody", 2)
    page = client.get(saved.headers["location"]).text
    undo = page.partition('<div class="toast"')[2].partition('action="')[2].partition('"')[0].replace("&amp;", "&")
    token = csrf(page)
    assert client.post(undo, data={"csrf": token}).headers["location"] == f"{home}/campaigns/again?saved=undone"
    assert (campaign(shop, "again").segment, campaign(shop, "again").version) == ("for-mothers", 3)
    assert client.post(undo, data={"csrf": token}).status_code == 409


def test_after_the_launch_only_the_title_changes(client, home, shop):
    page = client.get(f"{home}/campaigns/spring/edit").text
    assert 'name="segment"' not in page
    send(client, home, "/campaigns/spring/edit", title="Spring, mothers", template="another", base="1")
    now = campaign(shop, "spring")
    assert (now.title, now.template, now.state) == ("Spring, mothers", "remember", "live")


def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(client, home, shop, draft):
    for fields, field in (
        ({"title": " "}, "title"),
        ({"purpose": "Two words"}, "purpose"),
        ({"segment": "x"}, "segment"),
    ):
        page = send(client, home, "/campaigns/again/edit", **CHOSEN | {"title": "Kept as typed"} | fields)
        assert page.status_code == 400
        assert f'id="{field}-wrong"' in page.text
        assert "Kept as typed" in page.text or field == "title"


def test_what_is_added_to_links_is_chosen_beside_the_rest(client, home, shop):
    page = client.get(f"{home}/new/campaign").text
    assert re.search(r'name="utm_source" value="regulars"', page)
    utm = {"utm_source": "letter", "utm_medium": "email", "utm_campaign": ""}
    assert send(client, home, "/new/campaign", **CHOSEN, **utm, name="made").status_code == 303
    assert campaign(shop, "made").utm == campaigns.Utm("letter", "email", "made")
    changed = utm | {"utm_medium": "", "utm_campaign": "autumn"}
    assert send(client, home, "/campaigns/made/edit", **CHOSEN, **changed, base="1").status_code == 303
    assert campaign(shop, "made").utm == campaigns.Utm("letter", "", "autumn")
    with shop.tx() as tx:
        entry = list_entries(tx, Filter(action="campaign.changed"), limit=1)[0]
    assert entry.after["utm"] == "utm_source=letter utm_campaign=autumn"
    refused = send(client, home, "/campaigns/made/edit", **CHOSEN, **utm | {"utm_source": "x" * 101}, base="2")
    assert refused.status_code == 400
    assert "What is added to links is one line of at most 100 characters." in refused.text


def test_nothing_is_added_to_links_where_everything_is_left_empty(client, home, shop):
    utm = {"utm_source": "", "utm_medium": "", "utm_campaign": ""}
    send(client, home, "/new/campaign", **CHOSEN, **utm, name="made")
    assert campaign(shop, "made").utm == campaigns.Utm()


def test_two_people_who_save_are_shown_both(client, home, shop, draft):
    with shop.tx() as tx:
        theirs = campaigns.get(tx, "again")
        campaigns.change(tx, "again", campaigns.Campaign(**{**theirs_of(theirs), "title": "Theirs"}))
    met = send(client, home, "/campaigns/again/edit", **CHOSEN | {"title": "Mine"}, base="1")
    assert (met.status_code, "Two versions of" in met.text) == (409, True)
    assert "Theirs" in met.text
    assert "Mine" in met.text
    assert campaign(shop, "again").title == "Theirs"


def theirs_of(campaign):
    return {field: getattr(campaign, field) for field in campaign.__struct_fields__}


@pytest.mark.browser
@pytest.mark.parametrize("width", [1440, 390])
def test_the_result_follows_what_is_chosen(browser, address, house, workspace, home, shop, draft, width):
    with at_desk(browser, address, house, workspace, width) as page:
        page.goto(f"{address}{home}/campaigns/again/edit")
        expect(page.locator("#result")).to_contain_text("of 1 customer in the segment")
        page.get_by_label("Segment").select_option("everybody")
        expect(page.locator("#result")).to_contain_text("of 2 customers in the segment")
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.get_by_text("The campaign is saved.")).to_be_visible()
        page.get_by_role("button", name="Undo").click()
        expect(page.get_by_text("It is again what it was before.")).to_be_visible()
    assert campaign(shop, "again").segment == "for-mothers"


def test_a_name_that_is_left_empty_is_made_from_the_title_and_free(client, home, shop):
    page = client.get(f"{home}/new/campaign").text
    assert "Ideas, news and offers by e-mail (marketing)" in page
    for expected in ("maija-sveiciens", "maija-sveiciens-2"):
        sent = {**CHOSEN, "title": "Maija sveiciens", "name": "", "csrf": csrf(page), "do": "save"}
        assert client.post(f"{home}/new/campaign", data=sent).headers["location"] == f"{home}/campaigns/{expected}"


def test_nobody_launches_what_a_colleague_changed_since_they_looked(client, home, shop):
    with shop.tx() as tx:
        create_segment(tx, "all", "Everybody", {"all": []}, utc_now())
        looked_at = campaigns.create(tx, "may", **CHOSEN | {"title": "May"}).version
        campaigns.change(
            tx, "may", msgspec.structs.replace(campaigns.get(tx, "may"), segment="all"), replaces=looked_at
        )
    token = csrf(client.get(f"{home}/campaigns/may").text)
    answer = client.post(f"{home}/campaigns/may/launch", data={"csrf": token, "version": str(looked_at)})
    assert answer.status_code == 409
    assert "since you looked at it" in answer.text
    with shop.tx() as tx:
        assert campaigns.get(tx, "may").state == "draft"
    page = client.get(f"{home}/campaigns/may").text
    version = re.search(r'name="version" value="(\d+)"', page).group(1)
    assert client.post(f"{home}/campaigns/may/launch", data={"csrf": token, "version": version}).status_code == 303
