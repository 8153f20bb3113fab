"""The list of customers: found, narrowed, read on, and taken along."""

import csv
import re
from html import unescape
from io import StringIO

import pytest
from tests.web.console_story import csrf
from tests.web.noted import noted_in

from regulars.access.people import add_person, make_login_link
from regulars.hear.identities import intern
from regulars.remember.facts import current
from regulars.store.log import NewEvent, append
from regulars.understand import finding
from regulars.understand.segments import create_segment
from regulars.web.console import customer_list
from regulars.words.clock import utc_now


@pytest.fixture
def tom(shop):
    """Somebody who told us nothing, beside Ieva, who did."""
    with shop.tx() as tx:
        return shop.meet(tx, "u-3", "=Tom Hill", "tom@post.example", utc_now())


@pytest.fixture
def names(client, home, shop, tom):
    shop.work()

    def ask(**wanted):
        page = client.get(f"{home}/customers", params=wanted)
        assert page.status_code == 200, page.text
        return re.findall(r'<a class="name" href="[^"]*/customers/\d+">([^<]*)</a>', page.text)

    return ask


def test_a_customer_is_found_by_our_number_too(names, client, home, shop, tom):
    with shop.tx() as tx:
        nobody = intern(tx, [("anonymous", "visitor")])["anonymous", "visitor"]
        append(tx, [NewEvent(nobody, utc_now(), "page")])
    shop.work()
    assert f"Customer {nobody}" in names(q=str(nobody))
    assert "=Tom Hill" in names(q=str(tom))
    for none in ("9" * 19, "9" * 30, str(2**63 - 1)):
        assert names(q=none) == []


def test_of_very_many_segments_some_are_offered_and_the_one_that_is_chosen(client, home, shop, monkeypatch):
    with shop.tx() as tx:
        create_segment(tx, "first", "A first one", {"all": []}, utc_now())
    monkeypatch.setattr(customer_list, "_OFFERED", 1)

    def offered(**wanted):
        page = client.get(f"{home}/customers", params=wanted).text
        return re.findall(
            r'value="([a-z-]+)"', page.partition('<select id="segment"')[2].partition("</select>")[0]
        ), page

    some, page = offered()
    assert some == ["first"]
    assert "There are more segments" in page
    some, page = offered(segment="for-mothers")
    assert some == ["first", "for-mothers"]
    assert ">for-mothers<" not in page


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"segment": "for-mothers"}, {"Ieva Kalniņa"}),
        ({"segment": "no:for-mothers"}, {"=Tom Hill", "王小明"}),
        ({"fact": "gift_for"}, {"Ieva Kalniņa"}),
        ({"fact": "gift_for", "value": "MOTHER"}, {"Ieva Kalniņa"}),
        ({"fact": "gift_for", "value": "my mother"}, {"Ieva Kalniņa"}),
        ({"fact": "gift_for", "value": "friend"}, set()),
        ({"fact": "no:gift_for"}, {"=Tom Hill", "王小明"}),
        ({"consent": "marketing/email"}, {"Ieva Kalniņa"}),
        ({"consent": "no:marketing/email"}, {"=Tom Hill", "王小明"}),
        ({"seen": "1"}, None),
        ({"seen": "no:365"}, set()),
        ({"q": "hill", "consent": "no:marketing/email"}, {"=Tom Hill"}),
        ({"q": "hill", "segment": "for-mothers"}, set()),
    ],
)
def test_each_condition_narrows_the_list(names, wanted, found):
    shown = {unescape(name) for name in names(**wanted)}
    assert shown == ({unescape(name) for name in names()} if found is None else found)


def test_what_is_computed_narrows_the_list_too(names, shop, tom):
    with shop.tx() as tx:
        (seen,) = [fact.words for fact in current(tx, tom) if fact.name == "last_seen"]
    assert "=Tom Hill" in names(fact="last_seen", value=seen)
    assert sorted(names(fact="last_seen")) == sorted(names())
    assert names(fact="last_seen", value="1999-01-01") == names(fact="no:last_seen") == []


def test_what_was_counted_stands_under_a_heading_of_its_own(client, home, shop):
    page = client.get(f"{home}/customers", params={"fact": "orders"}).text
    choices = re.search(r'<select id="fact".*?</select>', page, re.DOTALL)[0]
    told, counted = choices.split("Counted from what they did")
    assert 'value="gift_for"' in told
    assert 'value="orders" selected' in counted


def test_namesakes_are_told_apart_by_their_addresses(client, stranger, home, house, workspace, shop, tom):
    with shop.tx() as tx:
        shop.meet(tx, "u-4", "=Tom Hill", "hill@post.example", utc_now())
    shop.work()
    page = client.get(f"{home}/customers?q=hill").text
    assert "tom@post.example" in page
    assert "hill@post.example" in page
    add_person(house.database, f"viewer@{workspace}.example", "Vic", workspace, role="viewer")
    stranger.post(f"/console/login/{make_login_link(house.database, f'viewer@{workspace}.example', utc_now())}")
    page = stranger.get(f"{home}/customers?q=hill").text
    assert "t…@post.example" in page
    assert "tom@post.example" not in page


def test_a_narrowed_list_reads_on_the_same_whether_few_or_many_are_found(shop, tom, monkeypatch):
    """Few are counted and shown by one look; of many the next are looked for besides."""
    shop.work()
    now = utc_now()
    with shop.tx() as tx:
        for number in range(7):
            shop.meet(tx, f"v-{number}", "Visitor", f"v{number}@post.example", now)
    shop.work()
    wanted = finding.Wanted(fact="no:gift_for")
    with shop.tx() as tx:
        everybody = [one.id for one in finding.find(tx, wanted, now, limit=100).customers]
        assert len(everybody) == 9
        middle = everybody[4]
        for counted, total in ((finding.LOOKED_AT, 9), (3, 4)):
            monkeypatch.setattr(finding, "LOOKED_AT", counted)
            for oldest in (False, True):
                ordered = everybody[::-1] if oldest else everybody
                here = ordered.index(middle)
                for place, shown in (
                    ({}, ordered[:3]),
                    ({"after": middle}, ordered[here + 1 : here + 4]),
                    ({"before": middle}, ordered[here - 3 : here]),
                    ({"after": ordered[-2]}, ordered[-1:]),
                    ({"before": ordered[1]}, ordered[:1]),
                ):
                    page, said = finding.find_and_count(tx, wanted, now, limit=3, oldest=oldest, **place)
                    assert [one.id for one in page.customers] == shown
                    assert page == finding.find(tx, wanted, now, limit=3, oldest=oldest, **place)
                    assert said == total


def test_conditions_are_chips_that_can_be_taken_off(client, home, shop):
    page = client.get(f"{home}/customers?q=ieva&segment=for-mothers&seen=30&after=").text
    off = [unescape(one) for one in re.findall(r'<a class="chip" href="([^"]*)"', page)]
    assert off == [
        f"{home}/customers?segment=for-mothers&seen=30",
        f"{home}/customers?q=ieva&seen=30",
        f"{home}/customers?q=ieva&segment=for-mothers",
    ]
    assert "They give to their mother<" in page
    assert "seen in the last 30 days" in page
    assert f'<a class="chip none" href="{home}/customers">' in page


def test_a_filter_that_nobody_matches_says_so_and_keeps_its_chips(client, home, shop):
    page = client.get(f"{home}/customers?segment=for-mothers&seen=no:30").text
    assert "Nobody matches all of this" in page
    assert page.count('<a class="chip"') == 2
    assert "Nobody here yet" not in page


@pytest.mark.parametrize(
    "wrong",
    ["seen=soon", "seen=no:0", "seen=99999999999999999999", "seen=0000000019999999", "consent=marketing", "after=x"],
)
def test_what_cannot_be_asked_is_refused_with_words(client, home, shop, wrong):
    assert client.get(f"{home}/customers?{wrong}").status_code == 400


@pytest.mark.parametrize("order", ["", "oldest"])
def test_the_list_is_read_on_and_back_by_places(client, home, names, monkeypatch, order):
    whole = names(order=order)
    assert len(whole) == 3
    monkeypatch.setattr("regulars.web.console.customer_list.PAGE", 1)
    address, shown = f"{home}/customers?order={order}", []
    for _ in whole:
        page = client.get(address).text
        shown += re.findall(r'<a class="name" href="[^"]*/customers/\d+">([^<]*)</a>', page)
        following = re.search(r'rel="next" href="([^"]*)"', page)
        address = unescape(following[1]) if following else ""
    assert shown == whole
    assert not address
    back = unescape(re.search(r'rel="prev" href="([^"]*)"', page)[1])
    page = client.get(back).text
    assert whole[1] in page
    assert 'rel="next"' in page
    first = client.get(unescape(re.search(r'rel="prev" href="([^"]*)"', page)[1])).text
    assert whole[0] in first
    assert 'rel="prev"' not in first


def taken(answer):
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(StringIO(answer.text)))


def test_those_ticked_are_taken_along_and_no_cell_is_a_formula(client, home, house, workspace, shop, tom, names):
    token = csrf(client.get(f"{home}/customers").text)
    (line,) = taken(client.post(f"{home}/customers/file", data={"csrf": token, f"pick:{tom}": "1", "pick:x": "1"}))
    assert line["name"] == "'=Tom Hill"
    assert line["email"] == "tom@post.example"
    assert line["may_write marketing/email"] == "no"
    (entry,) = noted_in(house, workspace, action="customers.taken")
    assert entry.after == {"chosen": 1}


def test_all_that_match_are_taken_along_whatever_is_ticked(
    client, home, house, workspace, shop, tom, names, monkeypatch
):
    monkeypatch.setattr("regulars.web.console.customer_file._PIECE", 1)
    token = csrf(client.get(f"{home}/customers").text)
    whole = taken(client.post(f"{home}/customers/file", data={"csrf": token, "all": "1", f"pick:{tom}": "1"}))
    assert len(whole) == len(names())
    some = {"csrf": token, "all": "1", "fact": "gift_for"}
    (line,) = taken(client.post(f"{home}/customers/file", data=some))
    assert line["name"] == "Ieva Kalniņa"
    assert line["gift_for"] == "My mother"
    assert line["may_write marketing/email"] == "yes"
    assert noted_in(house, workspace, action="customers.taken")[-1].after == {"all": "yes", "fact": "gift_for"}


def test_whoever_may_only_look_takes_nobody_along(stranger, house, workspace, home, shop):
    add_person(house.database, f"viewer@{workspace}.example", "Vic", workspace, role="viewer")
    stranger.post(f"/console/login/{make_login_link(house.database, f'viewer@{workspace}.example', utc_now())}")
    page = stranger.get(f"{home}/customers").text
    assert "Take along as a file" not in page
    assert 'name="all"' not in page
    answer = stranger.post(
        f"{home}/customers/file", data={"csrf": csrf(stranger.get(f"{home}/customers").text), "all": "1"}
    )
    assert answer.status_code == 403


@pytest.mark.parametrize("path", ["/customers", "/orders", ""])
def test_a_workspace_without_anybody_leads_to_the_imports(client, home, path):
    main = client.get(home + path).text.partition("<main")[2]
    assert f'href="{home}/imports"' in main
    assert "regulars import" not in main
