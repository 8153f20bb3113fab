"""A campaign's page says what came of it; its figures lead to people, its tables are taken along."""

import re
from datetime import timedelta

import pytest

from regulars.access.keys import create_key
from regulars.engage.preferences import withdraw
from regulars.speak import touch_records
from regulars.speak.judging import judge_all
from regulars.speak.messages import of_customer
from regulars.understand.segments import create_segment, get_segment
from regulars.words.clock import utc_now

LINK = "https://gifts.example/lanterns"


@pytest.fixture
def message(shop):
    """The message of the campaign: opened, with a link that a person followed and another that a machine did."""
    with shop.tx() as tx:
        message = of_customer(tx, shop.customer)[0]
        at = utc_now() - timedelta(seconds=30)
        touched = [
            touch_records.Touch(message.id, at, ""),
            touch_records.Touch(message.id, at, "", LINK, 1),
            touch_records.Touch(message.id, at, "head", f"{LINK}/more", 2),
        ]
        touch_records.add_touches(tx, touched[:2])
    judge_all(shop.database, shop.workspace, utc_now())
    with shop.tx() as tx:
        touch_records.add_touches(tx, touched[2:])
    judge_all(shop.database, shop.workspace, utc_now())
    shop.work()
    return message


def test_the_page_says_what_came_of_it_and_leads_to_the_people(client, home, shop, message):
    page = client.get(f"{home}/campaigns/spring").text
    assert re.search(r'people\?only=opened"><b>1</b> opened it', page)
    assert re.search(r'people\?only=clicked"><b>1</b> followed a link', page)
    assert "Set aside as the doing of machines: 0 opened, 1 followed links." in page
    assert f'<th scope="row">{LINK}</th>' in page
    people = client.get(f"{home}/campaigns/spring/people?only=clicked").text
    assert f"/customers/{shop.customer}" in people
    assert "Nobody of them matches this" in client.get(f"{home}/campaigns/spring/people?only=complained").text


def test_its_tables_are_taken_along(client, home, message):
    taken = client.get(f"{home}/campaigns/spring?table=links")
    assert taken.headers["content-type"].startswith("text/csv")
    lines = taken.text.lstrip("\ufeff").splitlines()
    assert lines[0] == "Link,Customers,Times,By machines"
    assert sorted(lines[1:]) == [f"{LINK},1,1,0", f"{LINK}/more,0,0,1"]
    assert "followed a link,1,1" in client.get(f"{home}/campaigns/spring?table=results").text


def test_who_leaves_by_a_link_of_the_message_is_counted(client, home, shop, message):
    with shop.tx() as tx:
        withdraw(tx, message.identity_id, [("marketing", "email")], {}, "preference page", utc_now(), message.id)
    shop.work()
    assert re.search(r'people\?only=unsubscribed"><b>1</b> unsubscribed', client.get(f"{home}/campaigns/spring").text)


def test_rules_ask_for_what_people_did_and_not_for_what_machines_did(shop, message):
    rules = {
        "clickers": {"message": "clicked", "campaign": "spring"},
        "openers": {"message": "opened", "within_days": 2},
        "others": {"message": "clicked", "count": {"at_least": 2}},
    }
    with shop.tx() as tx:
        for name, rule in rules.items():
            create_segment(tx, name, name, rule, utc_now())
    shop.work()
    with shop.tx() as tx:
        assert [get_segment(tx, name).size for name in rules] == [1, 1, 0]
        touch_records.add_touches(tx, [touch_records.Touch(message.id, utc_now(), "", f"{LINK}/more", 2)])
    judge_all(shop.database, shop.workspace, utc_now() + timedelta(seconds=30))
    shop.work()
    with shop.tx() as tx:
        assert get_segment(tx, "others").size == 1


def test_programs_read_it_too(shop, stranger, message):
    head = {"authorization": f"Bearer {create_key(shop.database, shop.workspace, 'read')}"}
    found = stranger.get("/api/campaigns/spring/results", params={"days": 30}, headers=head).json()
    assert (found["sent"], found["delivered"], found["counted"], found["opened"], found["clicked"]) == (1, 1, 1, 1, 1)
    assert found["clicked_by_machines"] == 1
    assert found["links"][0] == {"link": LINK, "people": 1, "times": 1, "by_machines": 0}
    assert stranger.get("/api/campaigns/spring/results?days=0", headers=head).status_code == 400
    people = stranger.get("/api/campaigns/spring/people", params={"only": "opened"}, headers=head).json()
    assert (people["total"], [one["customer_id"] for one in people["items"]]) == (1, [shop.customer])


def test_the_timeline_says_what_they_did_with_a_message(client, home, shop, message):
    page = client.get(f"{home}/customers/{shop.customer}").text
    assert "Opened our e-mail" in page
    assert f"Followed a link in our e-mail:</a> {LINK}" in page
    assert "A machine followed a link in our e-mail" in page


def test_a_draft_says_nothing_of_what_came_of_it(client, home, shop):
    with shop.tx() as tx:
        tx.run(b"update speak_campaign set state = 'draft', launched_at = null")
    assert "What came of it" not in client.get(f"{home}/campaigns/spring").text
