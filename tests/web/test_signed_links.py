"""A message's links act for its customer: only who may act for customers is given them whole."""

import re

import pytest

from regulars.access.keys import create_key
from regulars.access.people import add_person

SIGNED = re.compile(r"/(?:u|why)/[\w.-]{40,}")


@pytest.fixture
def mail(client, home):
    return re.search(r"/mailbox/(\d+)", client.get(f"{home}/mailbox").text).group(1)


@pytest.mark.parametrize(("role", "acts"), [("marketer", True), ("agent", True), ("analyst", False), ("viewer", False)])
def test_pages_show_links_that_act_only_to_who_acts_for_customers(shop, colleague, home, mail, role, acts):
    add_person(shop.database, "greta@gifts.example", "Greta", shop.workspace, role=role)
    for place in (f"/mailbox/{mail}", f"/mailbox/{mail}/html", f"/messages/{mail}"):
        page = colleague.get(home + place)
        assert page.status_code == 200, place
        assert bool(SIGNED.search(page.text)) is acts, place
        assert acts or "/u/…" in page.text, place
    assert "/o/" not in colleague.get(f"{home}/mailbox/{mail}/html").text, "whoever looks there is no customer"
    told = colleague.get(f"{home}/customers/{shop.customer}").text
    assert "/u/…" in told
    assert not SIGNED.search(told)


@pytest.mark.parametrize(("scope", "acts"), [("admin", True), ("read", False)])
def test_a_key_that_only_reads_is_given_none(shop, stranger, mail, scope, acts):
    header = {"authorization": f"Bearer {create_key(shop.database, shop.workspace, scope)}"}
    for place in (f"/mailbox/{mail}", f"/messages/{mail}"):
        found = stranger.get(f"/api{place}", headers=header)
        assert found.status_code == 200, place
        assert bool(SIGNED.search(found.text)) is acts, place
    listed = stranger.get(f"/api/customers/{shop.customer}/messages", headers=header).text
    assert bool(SIGNED.search(listed)) is acts
    assert acts or "/why/…" in listed
    told = stranger.get(f"/api/customers/{shop.customer}/conversation", headers=header).text
    assert not SIGNED.search(told)
