"""The suppression list as the team and programs see it: who, why, since when, and off it again."""

import pytest
from tests.web.console_story import csrf
from tests.web.noted import noted_in

from regulars.access.keys import create_key
from regulars.engage import returns
from regulars.engage.returns import Return
from regulars.words.clock import utc_now


@pytest.fixture
def header(house, workspace):
    """The header with a key of some scope."""
    return lambda scope: {"authorization": f"Bearer {create_key(house.database, workspace, scope)}"}


@pytest.fixture
def complained(shop):
    with shop.tx() as tx:
        assert returns.take(tx, [Return("complained", "1", address="ieva@post.example")], utc_now()) == 1
    shop.work()


@pytest.fixture
def bounced(shop):
    with shop.tx() as tx:
        dead = Return("bounced", "1", address="ieva@post.example", reason="550 5.1.1 <b>no such user</b>")
        assert returns.take(tx, [dead], utc_now()) == 1
    shop.work()


def test_who_called_a_message_spam_is_seen_on_their_page_in_the_list_and_in_the_results(complained, client, home, shop):
    page = client.get(f"{home}/suppressed").text
    assert "ieva@post.example" in page
    assert "called a message spam" in page
    one = client.get(f"{home}/customers/{shop.customer}").text
    assert "Called our e-mail spam" in one
    assert "called a message of ours spam, in their mail program" in one or "called a message spam" in one
    assert "ieva" not in client.get(f"{home}/suppressed?only=bounced").text.partition("<main")[2]
    results = client.get(f"{home}/campaigns/spring").text
    assert "spam" in results


def test_an_address_is_lifted_and_it_is_noted_by_whom(bounced, client, home, house, workspace, shop):
    page = client.get(f"{home}/suppressed?q=ieva")
    assert "&lt;b&gt;no such user" in page.text
    (there,) = {part.split(chr(34))[0] for part in page.text.split('action="')[1:] if "/lift" in part.split(chr(34))[0]}
    done = client.post(there, data={"csrf": csrf(page.text)})
    assert done.status_code == 303
    assert "Mail may go there again" in client.get(done.headers["location"]).text
    assert "No address is suppressed" in client.get(f"{home}/suppressed").text
    (entry,) = noted_in(house, workspace, action="suppression.lifted")
    assert (entry.kind, entry.name, entry.before) == ("customer", str(shop.customer), {"why": "bounced"})
    assert client.post(there, data={"csrf": csrf(page.text)}).status_code == 303, "who was quicker has done it already"
    assert len(noted_in(house, workspace, action="suppression.lifted")) == 1


def test_programs_read_it_and_only_an_admin_key_lifts(bounced, stranger, header):
    found = stranger.get("/api/suppressions?why=bounced", headers=header("read")).json()
    (one,) = found["items"]
    assert (found["total"], one["address"], one["why"]) == (1, "ieva@post.example", "bounced")
    assert stranger.get("/api/suppressions?why=pigeon", headers=header("read")).status_code == 400
    assert stranger.get("/api/suppressions", headers=header("write")).status_code == 403
    url = f"/api/suppressions/{one['identity_id']}/lift"
    assert stranger.post(url, headers=header("read"), json={}).status_code == 403
    assert stranger.post(url, headers=header("admin"), json={"why": "they called"}).status_code == 200
    assert stranger.post(url, headers=header("admin"), json={}).status_code == 404
    assert stranger.get("/api/suppressions", headers=header("read")).json()["total"] == 0
