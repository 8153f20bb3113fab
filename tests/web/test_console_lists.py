"""Lists in the console: made from a file or from what is pasted, more put on and taken off, each with the way back."""

import re
from threading import Event

import pytest
from tests.web.console_story import csrf
from tests.web.noted import noted_in, said

from regulars.access.people import add_person, make_login_link
from regulars.hear import pasted
from regulars.loop.import_rounds import take_next
from regulars.understand import lists, segments
from regulars.words.clock import utc_now
from regulars.words.errors import Invalid


@pytest.fixture
def vips(shop):
    with shop.tx() as tx:
        return lists.make(tx, "vips", "Our VIPs", utc_now())


@pytest.fixture
def send(client, home, shop):
    """Send a form of a page; the page on which one lands, after all followed."""

    def ask(page, path, data, **more):
        token = csrf(client.get(f"{home}{page}").text)
        answer = client.post(f"{home}{path}", data={"csrf": token} | data, **more)
        shop.work()
        return client.get(answer.headers["location"]).text if answer.status_code == 303 else answer.text

    return ask


def taken_in(house):
    while take_next(house.database, house.imports, utc_now, Event(), print):
        pass


def on_list(shop, name="vips"):
    shop.work()
    with shop.tx() as tx:
        return sorted(one.name for one in segments.members(tx, name))


def undo(client, home, page):
    path = re.search(r'action="([^"]*/undo/\d+)"', page)[1]
    return client.post(path, data={"csrf": csrf(page)})


def start(client, home, house, page):
    """Try the file whose import this page is, and take it in."""
    path = re.search(rf'action="{home}(/imports/\d+)"', page)[1]
    for do in ("try", "start"):
        answer = client.post(f"{home}{path}", data={"csrf": csrf(page), "do": do})
        assert answer.status_code == 303, answer.text
        taken_in(house)
    return client.get(f"{home}{path}").text


def test_a_list_is_made_of_what_is_pasted_and_tried_before_it_is_taken_in(client, home, house, workspace, shop, send):
    page = send(
        "/new/list", "/new/list", {"title": "Our tasters", "pasted": "ieva@post.example\nnew@post.example, u-2"}
    )
    assert "Taken in, these customers are put on the list “Our tasters”." in page
    assert on_list(shop, "our-tasters") == []
    start(client, home, house, page)
    shop.work()
    assert on_list(shop, "our-tasters") == ["Ieva Kalniņa", "new@post.example", "王小明"]
    shown = client.get(f"{home}/segments/our-tasters").text
    assert f"put on the list “Our tasters” by owner@{workspace}.example on" in shown
    assert ("segment.made", "segment", "our-tasters") in said(noted_in(house, workspace))


def test_a_file_puts_more_on_it_and_its_rows_that_cannot_be_taken_come_back(client, home, house, shop, vips, send):
    file = {"file": ("guests.csv", b"E-mail,Phone\nieva@post.example,\nnobody,\nming@post.example,+37120000001\n")}
    page = send("/segments/vips/more", "/segments/vips/more", {}, files=file)
    page = start(client, home, house, page)
    assert "no e-mail address" in page
    assert on_list(shop) == ["Ieva Kalniņa", "王小明"]


def test_neither_a_file_nor_anything_pasted_is_said_beside_the_field(send, vips):
    assert "Paste e-mail addresses" in send("/segments/vips/more", "/segments/vips/more", {"pasted": " ,; "})
    assert "At most 10000 can be pasted" in send(
        "/segments/vips/more", "/segments/vips/more", {"pasted": "\n".join(f"u{n}" for n in range(10_001))}
    )
    assert "is no list" in send("/segments/vips/more", "/segments/for-mothers/more", {"pasted": "u-1"})


def test_customers_who_are_ticked_are_put_on_a_list_and_taken_off_again_by_undo(client, home, shop, vips, send):
    page = send("/customers", "/customers/list", {f"pick:{shop.customer}": "1", "list": "vips"})
    assert "1 customer is put on the list." in page
    assert on_list(shop) == ["Ieva Kalniņa"]
    assert undo(client, home, page).status_code == 303
    assert on_list(shop) == []


def test_all_whom_the_list_shows_are_put_on_it(client, home, shop, vips, send):
    assert "2 customers are put on the list." in send("/customers", "/customers/list", {"all": "1", "list": "vips"})
    assert on_list(shop) == ["Ieva Kalniņa", "王小明"]
    page = send("/customers", "/customers/list", {"all": "1", "q": "kalnina", "list": "vips", "on": "no"})
    assert "1 customer is taken off the list." in page
    assert on_list(shop) == ["王小明"]


def test_members_are_taken_off_on_the_page_of_the_list(client, home, shop, vips, send):
    send("/customers", "/customers/list", {"all": "1", "list": "vips"})
    page = send("/segments/vips", "/segments/vips/off", {f"pick:{shop.customer}": "1"})
    assert "1 customer is taken off the list." in page
    assert on_list(shop) == ["王小明"]
    undo(client, home, page)
    assert on_list(shop) == ["Ieva Kalniņa", "王小明"]


def test_the_page_of_a_customer_shows_their_lists_and_puts_them_on_others(client, home, shop, vips, send):
    at = f"/customers/{shop.customer}"
    page = send(at, f"{at}/list", {"list": "vips"})
    assert "1 customer is put on the list." in page
    assert re.search(r'id="lists">.*?/segments/vips">Our VIPs</a>', page, re.DOTALL)
    assert "Harriet put them on the list “Our VIPs”" in page
    page = send(at, f"{at}/list", {"list": "vips", "on": "no"})
    assert "Harriet took them off the list “Our VIPs”" in page
    assert on_list(shop) == []


def test_an_agent_sees_lists_and_changes_none(house, workspace, home, shop, vips, stranger):
    add_person(house.database, "agent@x.example", "Ann", workspace, role="agent")
    stranger.post(f"/console/login/{make_login_link(house.database, 'agent@x.example', utc_now())}")
    page = stranger.get(f"{home}/customers/{shop.customer}").text
    assert "Put on the list" not in page
    answer = stranger.post(f"{home}/customers/{shop.customer}/list", data={"csrf": csrf(page), "list": "vips"})
    assert answer.status_code == 403
    assert on_list(shop) == []


@pytest.mark.parametrize(
    ("text", "file"),
    [
        ("a@b.example", "email\r\na@b.example\r\n"),
        (
            "u1\nu1\n <a@b.example>;+371 2000 0001",
            "email,phone,user_id\r\n,,u1\r\na@b.example,,\r\n,'+371 2000 0001,\r\n",
        ),
        ("=1+1", "user_id\r\n'=1+1\r\n"),
    ],
)
def test_what_is_pasted_is_a_file_of_customers(text, file):
    assert pasted.as_file(text).decode() == file


def test_nothing_pasted_is_no_file():
    with pytest.raises(Invalid):
        pasted.as_file(" \n ")


def test_who_is_on_it_is_taken_along_as_a_file_on_its_page(client, home, house, workspace, shop, vips, send):
    send("/customers", "/customers/list", {f"pick:{shop.customer}": "1", "list": "vips"})
    page = client.get(f"{home}/segments/vips").text
    form = re.search(r'action="[^"]*/customers/file">(.*?)</form>', page, re.DOTALL)[1]
    fields = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', form))
    rows = client.post(f"{home}/customers/file", data=fields).text.splitlines()
    assert len(rows) == 2
    assert "ieva@post.example" in rows[1]
    assert ("customers.taken", "", "") in said(noted_in(house, workspace))
