"""What is done with many at once and cannot be taken back is asked once, with what it is about."""

import re
from datetime import timedelta
from html import unescape
from threading import Event

import pytest
from tests.web.console_story import csrf
from tests.web.noted import noted_in

from regulars.access.keys import add_key, list_keys
from regulars.engage import stopping
from regulars.loop.stop_rounds import stop_next
from regulars.remember.consents import of_customer, standing
from regulars.speak import campaigns
from regulars.understand.segments import create_segment
from regulars.words.clock import utc_now
from regulars.words.errors import Unavailable


@pytest.fixture
def press(client, home):
    """Press a button of a list with something ticked; the answer."""

    def ask(path, page, **fields):
        return client.post(f"{home}{path}", data={"csrf": csrf(client.get(f"{home}{page}").text)} | fields)

    return ask


def again(client, home, page, **fields):
    """Answer the page that asks once, with all that it sends."""
    found = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', page)
    action = re.search(r'<form class="card stack" method="post" action="([^"]*)"', page)[1]
    return client.post(action, data={name: unescape(value) for name, value in found} | fields)


def allowed(shop, customer):
    with shop.tx() as tx:
        found = standing(tx, [customer], "marketing", "email").get(customer)
        return found is not None and found.granted


def test_we_stop_writing_to_all_that_match_with_why_as_its_proof(client, home, house, workspace, shop, press):
    assert allowed(shop, shop.customer)
    page = press("/customers/stop", "/customers", all="1", segment="for-mothers").text
    assert "Withdraw the consent of 1 customer? This cannot be taken back" in page
    assert allowed(shop, shop.customer)
    wrong = again(client, home, page, about="marketing/email", words=" ")
    assert wrong.status_code == 400
    assert "Say why" in wrong.text
    answer = again(client, home, wrong.text, about="marketing/email", words="She rang us up.")
    landed = client.get(answer.headers["location"]).text
    assert "We stop writing to 1 customer." in landed
    assert "/undo/" not in landed
    shop.work()
    assert not allowed(shop, shop.customer)
    with shop.tx() as tx:
        newest = of_customer(tx, shop.customer)[0]
    assert (newest.granted, newest.proof["words"]) == (False, "She rang us up.")
    assert newest.proof["how"] == "by the team"
    (entry,) = noted_in(house, workspace, action="writing.stopped")
    assert entry.after == {"stopped": 1, "about": "marketing/email", "all": "yes", "segment": "for-mothers"}
    assert len(noted_in(house, workspace, action="writing.stop.asked")) == 1


@pytest.fixture
def stop_all(client, home, press, monkeypatch):
    """Stop writing to everybody, in pieces of one; the address that says how far it is."""
    monkeypatch.setattr("regulars.engage.stopping.PIECE", 1)

    def ask():
        page = press("/customers/stop", "/customers", all="1").text
        return again(client, home, page, about="marketing/email", words="The shop closes.").headers["location"]

    return ask


@pytest.fixture
def go_on(house):
    """Be a work process that goes on with what was asked for; whether there was something."""
    return lambda clock=utc_now: stop_next(house.database, house.waker, house.audit, clock, Event())


def test_many_are_stopped_in_pieces_that_a_work_process_goes_on_with(
    client, home, house, workspace, shop, stop_all, go_on
):
    far = stop_all()
    assert "1 of 2 customers" in client.get(far).text
    assert "See how far it is" in client.get(f"{home}/customers").text
    assert noted_in(house, workspace, action="writing.stopped") == []
    assert go_on()
    assert "We stop writing to 2 customers." in client.get(far).text
    assert "See how far it is" not in client.get(f"{home}/customers").text
    assert not go_on()
    shop.work()
    assert not allowed(shop, shop.customer)
    (entry,) = noted_in(house, workspace, action="writing.stopped")
    assert (entry.after["stopped"], entry.who) == (2, f"owner@{workspace}.example")


def test_whoever_has_withdrawn_is_left_as_is(client, shop, stop_all, go_on):
    for stopped in (2, 0):
        far = stop_all()
        go_on()
        assert f"We stop writing to {stopped} customers." in client.get(far).text
        shop.work()


def test_a_piece_that_broke_is_done_by_another_once(client, shop, stop_all, go_on, monkeypatch):
    def breaks(*_):
        raise Unavailable("The database went away.")

    far = stop_all()
    with monkeypatch.context() as broken:
        broken.setattr("regulars.engage.stopping.append", breaks)
        with pytest.raises(Unavailable):
            go_on()
    assert "1 of 2 customers" in client.get(far).text
    assert not go_on()  # whoever holds it may live yet
    later = utc_now() + stopping.SILENT + timedelta(seconds=1)
    assert go_on(lambda: later)
    assert "We stop writing to 2 customers." in client.get(far).text
    shop.work()
    with shop.tx() as tx:
        said = [one for one in of_customer(tx, shop.customer) if one.proof.get("words") == "The shop closes."]
    assert len(said) == 1


def test_what_cannot_be_gone_on_with_says_so(client, shop, stop_all, go_on, monkeypatch):
    def breaks(*_):
        raise ValueError("nobody thought of this")

    far = stop_all()
    monkeypatch.setattr("regulars.engage.stopping.append", breaks)
    assert go_on()
    assert "It broke off" in client.get(far).text


def test_who_comes_after_it_was_asked_is_not_meant(client, shop, stop_all, go_on):
    far = stop_all()
    with shop.tx() as tx:
        shop.meet(tx, "late", "Late", "late@post.example", utc_now())
    shop.work()
    go_on()
    assert "We stop writing to 2 customers." in client.get(far).text


def test_more_than_a_list_counts_are_asked_about_as_more(press, shop, monkeypatch):
    monkeypatch.setattr("regulars.web.console.customer_stop.LOOKED_AT", 1)
    assert "more than 1 customers" in press("/customers/stop", "/customers", all="1", seen="365").text


def test_nothing_ticked_is_nothing_done_and_nothing_noted(client, home, house, workspace, shop, press):
    done = {"/customers/stop": "/customers", "/keys/revoke": "/keys", "/stopped/campaigns": "/campaigns"}
    for path, page in (done | {"/deleted/segments": "/segments", "/mailbox/delete": "/mailbox"}).items():
        assert press(path, page).headers["location"] == f"{home}{page}"
    noted = {one.action for one in noted_in(house, workspace)}
    assert not noted & {"writing.stopped", "key.revoked", "campaign.stopped", "segment.deleted", "mail.deleted"}


def test_keys_are_revoked_together_once_asked(client, home, house, workspace, press):
    with house.database.workspace(workspace) as tx:
        one, other, kept = (add_key(tx, workspace, "read", name)[0].id for name in ("till", "report", "shop"))
    page = press("/keys/revoke", "/keys", **{f"pick:{one}": "1", f"pick:{other}": "1"}).text
    assert "<li>till</li>" in page
    with house.database.workspace(workspace) as tx:
        assert len(list_keys(tx, workspace)) == 3
    landed = client.get(again(client, home, page).headers["location"]).text
    assert "2 keys open nothing any more. This cannot be taken back." in landed
    with house.database.workspace(workspace) as tx:
        assert [found.id for found in list_keys(tx, workspace)] == [kept]


def test_live_campaigns_are_stopped_together_once_asked(client, home, shop, press):
    page = press("/stopped/campaigns", "/campaigns", **{"pick:spring": "1", "pick:none": "1"}).text
    assert "<li>Spring</li>" in page
    landed = client.get(again(client, home, page).headers["location"]).text
    assert "The campaign “Spring” is stopped." in landed
    with shop.tx() as tx:
        assert campaigns.get(tx, "spring").state == "stopped"


def test_campaigns_are_narrowed_by_title_and_state(client, home, shop):
    assert "/campaigns/spring" in client.get(f"{home}/campaigns?q=SPRING&only=live").text
    page = client.get(f"{home}/campaigns?only=draft").text
    assert "No campaign matches this" in page
    assert "No campaigns yet" not in page


def test_what_is_called_like_a_deed_has_its_page_all_the_same(client, home, shop):
    with shop.tx() as tx:
        create_segment(tx, "delete", "Delete", {"all": []}, utc_now())
        campaigns.create(tx, "stop", title="Stop", segment="delete", template="remember", purpose="marketing")
    assert client.get(f"{home}/segments/delete").status_code == 200
    assert client.get(f"{home}/campaigns/stop").status_code == 200
