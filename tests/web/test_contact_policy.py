"""The contact policy: chosen on a page by owners, noted, the same for programs, and shown where it holds back."""

from datetime import UTC, datetime

import pytest
from tests.web.console_story import csrf

from regulars.access.keys import create_key
from regulars.access.people import add_person, make_login_link
from regulars.decide import contact
from regulars.decide.contact import ContactPolicy
from regulars.speak import campaigns
from regulars.words.clock import utc_now


def stands(shop):
    with shop.tx() as tx:
        return contact.standing(tx)


@pytest.fixture
def save(client, home):
    def send(**typed):
        page = client.get(f"{home}/contact-policy")
        events = {"complaint_opened": "Complaint Opened", "complaint_resolved": "Complaint Resolved"}
        return client.post(f"{home}/contact-policy", data={"csrf": csrf(page.text)} | events | typed)

    return send


def test_an_owner_chooses_how_often_one_customer_is_written_to(shop, client, home, save):
    assert save(per_day="1", per_week="3").headers["location"] == f"{home}/contact-policy?saved=yes"
    assert stands(shop) == ContactPolicy(per_day=1, per_week=3)
    page = client.get(f"{home}/contact-policy?saved=yes").text
    assert 'name="per_week" value="3"' in page
    assert "changed the contact policy" in client.get(f"{home}/audit").text
    save(per_day="", per_week="3")
    assert stands(shop) == ContactPolicy(per_week=3)


def test_an_owner_chooses_when_it_is_quiet(shop, client, home, save):
    assert save(quiet_from="21:00", quiet_until="08:00", by_law="1").status_code == 303
    assert stands(shop) == ContactPolicy(quiet_from="21:00", quiet_until="08:00", by_law=True)
    page = client.get(f"{home}/contact-policy").text
    assert 'name="quiet_from" value="21:00"' in page
    assert 'name="by_law" value="1" checked' in page
    assert "Australia" in page
    assert "United States" in page
    assert save(quiet_from="21:00").status_code == 400


@pytest.mark.parametrize("typed", [{"per_day": "none"}, {"per_day": "0"}, {"per_day": "3", "per_week": "2"}])
def test_what_cannot_be_is_said_beside_its_field_and_nothing_is_lost(shop, save, typed):
    answer = save(**typed)
    assert answer.status_code == 400
    assert 'aria-invalid="true"' in answer.text
    for value in typed.values():
        assert f'value="{value}"' in answer.text
    assert stands(shop) == ContactPolicy()


@pytest.mark.parametrize("role", ["marketer", "agent", "analyst", "viewer"])
def test_only_owners_choose_it(shop, house, stranger, home, role):
    add_person(house.database, f"{role}@gifts.example", role, shop.workspace, role=role)
    stranger.post(f"/console/login/{make_login_link(house.database, f'{role}@gifts.example', utc_now())}")
    assert stranger.get(f"{home}/contact-policy").status_code == 403
    field = {"csrf": csrf(stranger.get("/console/account").text), "per_day": "1"}
    assert stranger.post(f"{home}/contact-policy", data=field).status_code == 403
    assert stands(shop) == ContactPolicy()


def test_programs_read_and_change_it_too(shop, stranger):
    head = {"authorization": f"Bearer {create_key(shop.database, shop.workspace, 'admin')}"}
    assert stranger.get("/api/contact-policy", headers=head).json()["per_day"] is None
    assert stranger.put("/api/contact-policy", json={"per_day": 2}, headers=head).json()["per_day"] == 2
    refused = stranger.put("/api/contact-policy", json={"per_day": 0}, headers=head)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "per_day")
    write = {"authorization": f"Bearer {create_key(shop.database, shop.workspace, 'write')}"}
    assert stranger.put("/api/contact-policy", json={"per_day": 1}, headers=write).status_code == 403
    assert stands(shop) == ContactPolicy(per_day=2)


def test_a_campaign_says_why_messages_wait_and_why_some_were_not_written(shop, client, home, save):
    save(per_day="1")
    with shop.tx() as tx:
        for name in ("again", "once-more"):
            campaigns.create(
                tx, name, title=name, segment="for-mothers", template="remember", purpose="marketing", priority=3
            )
            campaigns.launch(tx, name, utc_now())
    shop.work()
    page = client.get(f"{home}/campaigns/once-more").text
    assert "goes before the others" in page
    assert "enough messages for now" in page
    assert "the next is due on" in page
    people = client.get(f"{home}/campaigns/once-more/people").text
    assert "It is looked at again on" in people
    key = {"authorization": f"Bearer {create_key(shop.database, shop.workspace, 'read')}"}
    (reason,) = client.get("/api/campaigns/once-more", headers=key).json()["reasons"]
    assert (reason["state"], reason["reason"], reason["count"]) == ("waiting", "pressed", 1)


def test_a_campaigns_priority_is_chosen_while_it_is_a_draft(shop, client, home):
    page = client.get(f"{home}/new/campaign").text
    chosen = {"title": "May", "segment": "for-mothers", "template": "remember", "purpose": "marketing", "priority": "3"}
    made = client.post(f"{home}/new/campaign", data={"csrf": csrf(page), "do": "save"} | chosen)
    with shop.tx() as tx:
        assert campaigns.get(tx, made.headers["location"].rpartition("/")[2]).priority == 3
    wrong = client.post(f"{home}/new/campaign", data={"csrf": csrf(page), "do": "save"} | chosen | {"priority": "7"})
    assert wrong.status_code == 400


def test_when_an_offer_ends_is_chosen_by_the_workspaces_clock(shop, client, home):
    page = client.get(f"{home}/new/campaign").text
    chosen = {"title": "May", "segment": "for-mothers", "template": "remember", "purpose": "marketing"}
    chosen |= {"csrf": csrf(page), "do": "save", "ends_at": "2099-05-31T18:00"}
    made = client.post(f"{home}/new/campaign", data=chosen).headers["location"]
    with shop.tx() as tx:
        assert campaigns.get(tx, made.rpartition("/")[2]).ends_at == datetime(2099, 5, 31, 18, tzinfo=UTC)
    assert "Its offer ends on" in client.get(made).text
    assert 'value="2099-05-31T18:00"' in client.get(f"{made}/edit").text
    wrong = client.post(f"{home}/new/campaign", data=chosen | {"ends_at": "soon", "name": "other"})
    assert wrong.status_code == 400
    assert "Write it as" in wrong.text


def test_an_owner_names_the_events_of_complaints(shop, client, home, save):
    assert 'value="Complaint Opened"' in client.get(f"{home}/contact-policy").text
    save(complaint_opened="Ticket Created", complaint_resolved="Ticket Closed")
    assert stands(shop) == ContactPolicy(complaint_opened="Ticket Created", complaint_resolved="Ticket Closed")
    assert save(complaint_opened="Ticket", complaint_resolved="Ticket").status_code == 400


def test_a_share_of_customers_is_held_out_of_everything_or_of_a_campaign(shop, client, home, save):
    save(held_out="5")
    assert stands(shop).held_out == 5
    save(held_out="0")
    assert stands(shop).held_out == 0
    assert save(held_out="51").status_code == 400
    page = client.get(f"{home}/new/campaign").text
    chosen = {"title": "May", "segment": "for-mothers", "template": "remember", "purpose": "marketing"}
    chosen |= {"csrf": csrf(page), "do": "save", "held_out": "50"}
    made = client.post(f"{home}/new/campaign", data=chosen).headers["location"]
    name = made.rpartition("/")[2]
    with shop.tx() as tx:
        assert campaigns.get(tx, name).held_out == 50
    assert client.post(f"{home}/new/campaign", data=chosen | {"held_out": "half", "name": "x"}).status_code == 400
    key = {"authorization": f"Bearer {create_key(shop.database, shop.workspace, 'admin')}"}
    assert client.post(f"/api/campaigns/{name}", json={"held_out": 5}, headers=key).json()["held_out"] == 5
    assert client.post(f"/api/campaigns/{name}", json={"held_out": 99}, headers=key).status_code == 400
