"""Who may not see a sensitive fact reads it in no segment's words, and learns it of nobody by whom they belong to."""

import pytest
from tests.web.console_story import csrf

from regulars.access.people import add_person
from regulars.remember import catalogue
from regulars.remember.catalogue import Said
from regulars.store.log import NewEvent, append
from regulars.understand.segments import create_segment
from regulars.words.clock import utc_now

ASKED = "a sensitive fact is asked"


@pytest.fixture
def secret(shop):
    """A shop in which it is sensitive for whom somebody gives, and a segment that rests on the one that asks it."""
    with shop.tx() as tx:
        catalogue.save(tx, "gift_for", Said(sensitive=True), utc_now())
        create_segment(tx, "rests", "Rests on it", {"all": [{"segment": "for-mothers"}]}, utc_now())
        create_segment(tx, "plain", "Asks another thing", {"event": "page", "count": {"at_least": 1}}, utc_now())
    shop.work()
    return shop


@pytest.fixture
def reader(secret, client, colleague):
    def of(role):
        add_person(secret.database, "greta@gifts.example", "Greta", secret.workspace, role=role)
        return colleague

    return of


@pytest.mark.parametrize("role", ["viewer", "analyst"])
def test_whoever_does_not_act_for_customers_reads_neither_value_nor_members(secret, reader, client, home, role):
    looking = reader(role)
    for place in ("/segments", "/segments/for-mothers"):
        page = looking.get(home + place)
        assert page.status_code == 200
        assert ASKED in page.text, place
        assert "“My mother”" not in page.text, place
        assert "“My mother”" in client.get(home + place).text, place
    for name in ("for-mothers", "rests"):
        page = looking.get(f"{home}/segments/{name}").text
        assert "Ieva" not in page
        assert "is: mother" not in page
        assert "Ieva" in client.get(f"{home}/segments/{name}").text
        for place in (f"/segments/{name}/why", f"/segments/{name}/why/{secret.customer}"):
            assert looking.get(home + place).status_code == 403, place
        for narrowed in (name, f"no:{name}"):
            assert looking.get(f"{home}/customers", params={"segment": narrowed}).status_code == 403
    listed = looking.get(f"{home}/customers").text
    assert 'value="for-mothers"' not in listed
    assert 'value="plain"' in listed
    assert "Ieva" in looking.get(f"{home}/segments/plain").text
    assert looking.get(f"{home}/customers", params={"segment": "plain"}).status_code == 200


@pytest.mark.parametrize("role", ["viewer", "analyst"])
def test_nor_is_it_told_by_whom_a_campaign_went_to(secret, reader, client, home, role):
    looking = reader(role)
    with secret.tx() as tx:
        (message,) = tx.connection.execute("select max(id) from speak_message where campaign = 'spring'").fetchone()
    page = looking.get(f"{home}/campaigns/spring")
    assert page.status_code == 200
    assert "customers?segment=for-mothers" not in page.text
    for place in ("/campaigns/spring/people", f"/messages/{message}"):
        assert (looking.get(home + place).status_code, client.get(home + place).status_code) == (403, 200), place
    shown = f"{home}/customers/{secret.customer}"
    assert "/segments/for-mothers" in client.get(shown).text
    assert f"/messages/{message}" in client.get(shown).text
    told = looking.get(shown).text
    assert "/segments/for-mothers" not in told
    assert f"/messages/{message}" not in told


def test_no_file_has_the_members_either(secret, reader, client, home):
    looking = reader("analyst")

    def taken(browser, segment):
        sent = {"csrf": csrf(browser.get(f"{home}/customers").text), "all": "1", "segment": segment}
        return browser.post(f"{home}/customers/file", data=sent).status_code

    assert (taken(looking, "for-mothers"), taken(looking, "rests"), taken(looking, "plain")) == (403, 403, 200)
    assert taken(client, "for-mothers") == 200


@pytest.mark.parametrize("role", ["agent", "marketer"])
def test_whoever_acts_for_customers_sees_all_of_it(secret, reader, home, role):
    looking = reader(role)
    page = looking.get(f"{home}/segments/for-mothers").text
    assert "“My mother”" in page
    assert "Ieva" in page
    assert looking.get(f"{home}/segments/for-mothers/why/{secret.customer}").status_code == 200
    assert looking.get(f"{home}/campaigns/spring/people").status_code == 200


@pytest.mark.parametrize("role", ["viewer", "analyst"])
def test_home_names_no_campaign_that_tells_it_beside_a_customer(secret, reader, client, home, role):
    looking = reader(role)
    quoted = '<span class="answered">'
    assert quoted in client.get(f"{home}/").text
    for place in ("/", "/?only=answered", "/?before=2999-01-01T00:00:00%2B00:00"):
        assert quoted not in looking.get(home + place).text, place
    with secret.tx() as tx:
        catalogue.save(tx, "gift_for", Said(sensitive=False), utc_now())
    assert quoted in looking.get(f"{home}/").text


@pytest.mark.parametrize("role", ["viewer", "analyst"])
def test_that_somebody_came_into_a_segment_that_is_gone_is_not_told(secret, reader, client, home, role):
    looking = reader(role)
    event = NewEvent(secret.customer, utc_now(), "segment.entered", b'{"segment": "gone-by-now"}')
    with secret.tx() as tx:
        append(tx, [event])
    secret.work()
    shown = f"{home}/customers/{secret.customer}"
    assert "gone-by-now" in client.get(shown).text
    assert "gone-by-now" not in looking.get(shown).text
