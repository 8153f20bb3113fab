"""Why somebody came into a segment stands beside it in the reader's language, and is in the API in none."""

from regulars.access.keys import create_key
from regulars.access.people import add_person
from regulars.remember import catalogue
from regulars.remember.catalogue import Said
from regulars.understand.editing import save_segment
from regulars.words.clock import utc_now

TOLD = "gift for: My mother (as they told us)"


def test_the_timeline_and_the_segment_say_why_somebody_came(shop, client, home):
    for place in (f"/customers/{shop.customer}", "/segments/for-mothers"):
        assert TOLD in client.get(home + place).text, place


def test_it_is_said_in_the_readers_language(shop, client, home):
    page = client.get(f"{home}/segments/for-mothers", headers={"Accept-Language": "lv"}).text
    assert "My mother" in page
    assert TOLD not in page


def test_the_api_has_it_in_no_language_and_in_nobodys_words(shop, stranger):
    key = create_key(shop.database, shop.workspace, "read")
    (one,) = stranger.get("/api/segments/for-mothers/members", headers={"Authorization": f"Bearer {key}"}).json()[
        "items"
    ]
    (why,) = one["why"]
    assert (why["condition"], why["holds"], why["source"]) == ({"fact": "gift_for"}, True, "said")


def test_who_may_not_see_a_sensitive_fact_reads_no_reason_that_names_it(shop, client, home, colleague):
    add_person(shop.database, "greta@gifts.example", "Greta", shop.workspace, role="viewer")
    with shop.tx() as tx:
        catalogue.save(tx, "gift_for", Said(sensitive=True), utc_now())
        save_segment(tx, "for-mothers", "Visitors by now", {"event": "page"}, utc_now())
    page = f"{home}/customers/{shop.customer}"
    assert TOLD in client.get(page).text
    told = colleague.get(page).text
    assert "Visitors by now" in told
    assert "as they told us" not in told
