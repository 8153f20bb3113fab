"""What was done is said on the page where one lands, and can be taken back from there: once, by whoever did it."""

import re
from datetime import timedelta

import pytest
from tests.web.console_story import csrf
from tests.web.noted import noted_in, said

from regulars.access.people import add_person, make_login_link
from regulars.speak import campaigns
from regulars.understand.segments import create_segment, titles
from regulars.words.clock import utc_now

RULE = {"all": [{"fact": "gift_for", "known": True}]}


@pytest.fixture
def two(shop):
    """Two segments that nobody writes to."""
    with shop.tx() as tx:
        for name, title in (("givers", "Those who give"), ("others", "All others")):
            create_segment(tx, name, title, RULE, utc_now())


@pytest.fixture
def delete(client, home, shop, two):
    """Delete segments as the list does; the page on which one lands."""

    def ask(*names):
        token = csrf(client.get(f"{home}/segments").text)
        data = {"csrf": token} | {f"pick:{name}": "1" for name in names}
        answer = client.post(f"{home}/deleted/segments", data=data)
        return client.get(answer.headers["location"]).text if answer.status_code == 303 else answer.text

    return ask


def undo(client, home, page):
    path = re.search(r'action="([^"]*/undo/\d+)"', page)[1]
    return client.post(path, data={"csrf": csrf(page)})


def there(shop):
    with shop.tx() as tx:
        return titles(tx)


def test_several_segments_go_at_once_and_come_back_at_once(client, home, house, workspace, shop, delete):
    before = there(shop)
    page = delete("givers", "others")
    assert "2 segments are deleted." in page
    assert set(there(shop)) == {"for-mothers"}
    answer = undo(client, home, page)
    assert answer.status_code == 303
    assert "Taken back: everything is as it was." in client.get(answer.headers["location"]).text
    assert there(shop) == before
    assert "1 customer<" in client.get(f"{home}/segments?q=give").text
    entries = noted_in(house, workspace)
    assert said(entries)[-2:] == [
        ("segment.deleted", "segment", "givers, others"),
        ("change.undone", "", "segments.deleted"),
    ]


def test_one_segment_is_called_by_its_name(client, home, shop, delete):
    page = delete("givers")
    assert "The segment “Those who give” is deleted." in page
    assert undo(client, home, page).status_code == 303
    assert "givers" in there(shop)


def test_where_a_live_campaign_writes_to_one_of_them_all_stay_and_it_is_said(client, home, shop, delete):
    with shop.tx() as tx:
        assert campaigns.get(tx, "spring").state == "live"
    page = delete("givers", "for-mothers")
    assert "Stop it first" in page
    assert set(there(shop)) == {"givers", "others", "for-mothers"}


def test_it_is_taken_back_once(client, home, delete):
    page = delete("givers")
    assert undo(client, home, page).status_code == 303
    answer = undo(client, home, page)
    assert answer.status_code == 409
    assert "can no longer be taken back" in answer.text


def test_nobody_takes_back_what_another_did_or_sees_it(client, stranger, home, house, workspace, shop, delete):
    page = delete("givers")
    add_person(house.database, f"other@{workspace}.example", "Olga", workspace)
    stranger.cookies.clear()
    stranger.post(f"/console/login/{make_login_link(house.database, f'other@{workspace}.example', utc_now())}")
    number = re.search(r"/undo/(\d+)", page)[1]
    hers = stranger.get(f"{home}/segments?did={number}").text
    assert "is deleted" not in hers
    assert stranger.post(f"{home}/undo/{number}", data={"csrf": csrf(hers)}).status_code == 409
    assert "givers" not in there(shop)


def test_an_hour_later_it_is_over(client, home, shop, delete):
    page = delete("givers")
    with shop.tx() as tx:
        tx.connection.execute("update web_done set at = at - %s", (timedelta(minutes=61),))
    assert undo(client, home, page).status_code == 409
    number = re.search(r"/undo/(\d+)", page)[1]
    assert "is deleted" not in client.get(f"{home}/segments?did={number}").text


@pytest.mark.parametrize("number", ["x", "-1", "9" * 30, "%00"])
def test_a_number_that_is_none_says_nothing(client, home, number):
    page = client.get(f"{home}/segments?did={number}")
    assert page.status_code == 200
    assert 'class="toast"' not in page.text


def test_mail_is_deleted_and_comes_back(client, home, shop):
    page = client.get(f"{home}/mailbox").text
    number = re.search(r'name="pick:(\d+)"', page)[1]
    answer = client.post(f"{home}/mailbox/delete", data={"csrf": csrf(page), f"pick:{number}": "1"})
    page = client.get(answer.headers["location"]).text
    assert re.search(r"The mail “[^”]+” is deleted\.", page)
    assert "No mail yet" in page
    assert client.get(f"{home}/mailbox/{number}").status_code == 404
    assert undo(client, home, page).status_code == 303
    assert client.get(f"{home}/mailbox/{number}").status_code == 200


def test_a_search_that_finds_no_segment_says_so(client, home, shop, two):
    page = client.get(f"{home}/segments?q=thöse give").text
    assert "Those who give" in page
    assert "All others" not in page
    page = client.get(f"{home}/segments?q=zzz").text
    assert "No segment matches “zzz”" in page
    assert "No segments yet" not in page
