"""Groups of customers on the console and for programs: what sets them apart, who is in them, their titles."""

import re

import pytest
from tests.web.console_story import csrf

from regulars.access.keys import create_key
from regulars.access.people import add_person
from regulars.remember import catalogue
from regulars.remember.catalogue import Said
from regulars.understand import grouping, grouping_records, segments
from regulars.words.clock import utc_now


@pytest.fixture
def ask(client, shop):
    headers = {"Authorization": f"Bearer {create_key(shop.database, shop.workspace, 'admin')}"}

    def asked(method, path="", status=200, **said):
        answer = client.request(method, f"/api/groups{path}", headers=headers, **said)
        assert answer.status_code == status, answer.text
        return answer.json()

    return asked


def test_a_page_says_what_sets_a_group_apart_and_leads_to_who_is_in_it(client, home, shop, ask):
    page = client.get(f"{home}/groups").text
    assert "My mother" in page
    assert "68%" in page
    assert "all: 31%" in page
    assert "Orders, on average" in page
    assert "Fairly" in page
    group = client.get(f"{home}/groups/1").text
    assert f'href="{home}/customers/{shop.customer}"' in group
    link = group.split(">Make a segment of these<")[0].rpartition('href="')[2].rstrip('"').replace("&amp;", "&")
    assert "behaviour_group" in client.get(link).text
    assert client.get(f"{home}/groups/9").status_code == 404
    told = ask("GET")
    assert [(one["number"], one["size"]) for one in told["groups"]] == [(1, 1), (2, 0)]
    assert "Orders, on average: 4.1 (all: 1.8)" in told["groups"][0]["sentences"]
    assert [one["customer_id"] for one in ask("GET", "/1/people")["items"]] == [shop.customer]
    ask("GET", "/9/people", status=404)


def test_a_group_is_called_something_and_that_is_taken_back(client, home, shop, ask):
    token = csrf(client.get(f"{home}/groups/1").text)
    landed = client.post(f"{home}/groups/1", data={"csrf": token, "title": " Sons & <b>daughters</b> "})
    landed = client.get(landed.headers["location"])
    assert "Sons &amp; &lt;b&gt;daughters&lt;/b&gt;" in landed.text
    assert ask("GET")["groups"][0]["title"] == "Sons & <b>daughters</b>"
    undo = re.search(r'action="([^"]+/undo/\d+)"', landed.text).group(1)
    client.post(undo, data={"csrf": token})
    assert ask("GET")["groups"][0]["title"] == ""
    assert ask("PUT", "/1", json={"title": "Daughters"})["title"] == "Daughters"
    long = client.post(f"{home}/groups/1", data={"csrf": token, "title": "x" * 81})
    assert (long.status_code, "at most 80 characters" in long.text) == (400, True)
    ask("PUT", "/1", status=400, json={"title": "x" * 81})
    ask("PUT", "/9", status=404, json={"title": "Nobody"})


def test_the_page_of_a_customer_says_what_their_group_is_called(client, home, shop, ask):
    of_them = f"{home}/customers/{shop.customer}"
    shown = re.compile(r'<li id="fact-behaviour_group">.*?<p class="value">([^<]*)</p>', re.DOTALL)
    assert shown.search(client.get(of_them).text)[1] == "Group 1"
    ask("PUT", "/1", json={"title": "Daughters"})
    assert shown.search(client.get(of_them).text)[1] == "Daughters"
    assert '<p class="value">Daughters</p>' in client.get(f"{of_them}/fact?name=behaviour_group").text


def test_rules_and_counts_say_what_a_group_is_called(client, home, shop, ask):
    ask("PUT", "/1", json={"title": "Daughters"})
    with shop.tx() as tx:
        segments.create_segment(tx, "theirs", "Theirs", {"fact": "behaviour_group", "is": 1}, utc_now())
        segments.create_segment(tx, "both", "Both", {"fact": "behaviour_group", "at_least": 1, "at_most": 2}, utc_now())
    assert "whose group by behaviour is “Daughters”." in client.get(f"{home}/segments/theirs").text
    assert "whose group by behaviour is from “Daughters” to “Group 2”." in client.get(f"{home}/segments/both").text
    assert "<p>Daughters</p>" in client.get(f"{home}/segments/theirs/why/{shop.customer}").text
    rule = '{"fact": "behaviour_group", "is": 1}'
    composed = client.get(f"{home}/new/segment", params={"rule": rule}).text
    assert '<option value="1" selected>Daughters</option>' in composed
    assert '<option value="2">Group 2</option>' in composed
    assert "Daughters" in client.get(f"{home}/fact?name=behaviour_group").text
    assert "Group by behaviour: Daughters" in client.get(f"{home}/customers?fact=behaviour_group&value=1").text


def test_groups_are_asked_for_by_whoever_composes(client, colleague, home, shop, ask):
    page = client.get(f"{home}/groups").text
    landed = client.post(f"{home}/groups", data={"csrf": csrf(page), "groups": "4"})
    assert "Groups are being found" in client.get(landed.headers["location"]).text
    told = ask("GET")
    assert (told["busy"], told["wished"]) == (True, 4)
    assert client.post(f"{home}/groups", data={"csrf": csrf(page), "groups": "99"}).status_code == 400
    assert ask("POST", json={"groups": None})["wished"] is None
    ask("POST", status=400, json={"groups": 1})
    add_person(shop.database, "greta@gifts.example", "Greta", shop.workspace, role="viewer")
    seen = colleague.get(f"{home}/groups").text
    assert "Find groups now" not in seen
    assert colleague.post(f"{home}/groups", data={"csrf": csrf(page)}).status_code == 403


def test_what_is_sensitive_is_said_of_no_group_and_names_nobody_to_those_who_only_look(client, colleague, home, shop):
    add_person(shop.database, "greta@gifts.example", "Greta", shop.workspace, role="viewer")
    with shop.tx() as tx:
        catalogue.save(tx, "gift_for", Said(sensitive=True), utc_now())
    assert "My mother" not in client.get(f"{home}/groups").text
    assert colleague.get(f"{home}/groups/1").status_code == 200
    with shop.tx() as tx:
        catalogue.save(tx, grouping.FACT, Said(sensitive=True), utc_now())
    assert colleague.get(f"{home}/groups/1").status_code == 403
    assert client.get(f"{home}/groups/1").status_code == 200


def test_without_the_libraries_the_page_says_how_to_get_them(client, home, shop, ask):
    with shop.tx() as tx:
        grouping_records.put_groups(tx, {})
        grouping_records.fail(tx, "extra", utc_now())
    page = client.get(f"{home}/groups").text
    assert "regulars[predict]" in page
    assert ask("GET")["problem"] == "extra"
    with shop.tx() as tx:
        grouping.ask(tx, None, utc_now())
    page = client.get(f"{home}/groups").text
    assert "regulars[predict]" in page
    assert "Groups are being found" not in page


def test_before_the_first_time_the_page_says_what_will_stand_there(client, home, shop):
    with shop.tx() as tx:
        tx.connection.execute("delete from understand_group")
        tx.connection.execute("delete from understand_grouping")
        tx.connection.execute("insert into understand_grouping default values")
    assert "Groups are not found yet" in client.get(f"{home}/groups").text
