"""A pause in the console and by the API: what it holds back, where that is seen, and who sets it."""

import pytest
from tests.web.console_story import csrf
from tests.web.noted import noted_in

from regulars.access.keys import create_key
from regulars.access.people import add_person, make_login_link
from regulars.remember import pauses
from regulars.speak import campaigns
from regulars.web.console.desk import SESSION, csrf_token
from regulars.words.clock import utc_now


@pytest.fixture
def header(house, workspace):
    """The header with a key of some scope."""
    return lambda scope: {"authorization": f"Bearer {create_key(house.database, workspace, scope)}"}


@pytest.fixture
def pause(client, home, shop):
    """Choose on the customer's page."""

    def choose(choice, **more):
        page = f"{home}/customers/{shop.customer}"
        token = csrf(client.get(page).text)
        answer = client.post(f"{page}/pause", data={"csrf": token, "pause": choice, **more})
        shop.work()
        return answer

    return choose


def spring_again(shop):
    """Make a second campaign to the same segment, launch it, and let it go out."""
    with shop.tx() as tx:
        campaigns.create(tx, "again", title="Again", segment="for-mothers", template="remember", purpose="marketing")
        reach = campaigns.reach(tx, campaigns.get(tx, "again"), utc_now())
        campaigns.launch(tx, "again", utc_now())
    shop.work()
    return reach


def test_a_campaign_leaves_out_who_wants_a_pause_and_says_so_everywhere(pause, shop, client, home, stranger, header):
    assert pause("month", words="I am travelling <b>").status_code == 303
    reach = spring_again(shop)
    assert (reach.asked, reach.allowed, reach.paused) == (1, 0, 1)
    why = "This customer wants a pause from messages; until it is over, nothing is sent."
    people = client.get(f"{home}/campaigns/again/people").text
    assert why in people
    one = client.get(f"{home}/customers/{shop.customer}").text
    assert "They want a pause: no campaign writes to them before" in one
    assert "Wants a pause from messages: I am travelling &lt;b&gt;" in one
    assert why in one
    (refused,) = stranger.get("/api/campaigns/again/people", headers=header("read")).json()["items"]
    assert (refused["state"], refused["reason"]) == ("refused", why)
    explained = stranger.get(f"/api/messages/{refused['message_id']}", headers=header("read")).json()
    assert explained["why"]["message"]["reason"] == why
    assert (refused["reason_code"], explained["why"]["reason_code"]) == ("paused", "paused")
    assert why in client.get(f"{home}/messages/{refused['message_id']}").text
    assert stranger.get("/api/customers/user:u-1", headers=header("read")).json()["paused_until"]


def test_a_campaign_in_preparation_says_how_many_are_in_a_pause(pause, shop, client, home):
    pause("week")
    with shop.tx() as tx:
        campaigns.create(tx, "later", title="Later", segment="for-mothers", template="remember", purpose="marketing")
    assert "1 customer is having a pause from messages and is left out." in client.get(f"{home}/campaigns/later").text


def test_after_it_was_ended_campaigns_write_again(pause, shop):
    pause("quarter")
    pause("end")
    assert spring_again(shop).allowed == 1
    with shop.tx() as tx:
        assert campaigns.counts(tx, ["again"])["again"] == {"sent": 1}


def test_it_is_noted_who_did_it(pause, shop, workspace, house):
    pause("week")
    pause("end")
    begun, ended = noted_in(house, workspace, action="pause.changed")
    assert (begun.who, begun.kind, begun.name) == (f"owner@{workspace}.example", "customer", str(shop.customer))
    assert begun.after["until"] == ended.before["until"]
    assert ended.after["until"] is None
    with shop.tx() as tx:
        assert {one.proof["how"] for one in pauses.of_customer(tx, shop.customer)} == {"by the team, in the console"}


def test_what_is_missing_is_said_beside_it_and_what_was_typed_stays(pause, shop):
    page = pause("", words="<script>alert(1)</script>")
    assert page.status_code == 400
    assert 'id="pause-wrong">Choose how long the pause is to be.' in page.text
    assert 'value="&lt;script&gt;alert(1)&lt;/script&gt;"' in page.text
    with shop.tx() as tx:
        assert pauses.of_customer(tx, shop.customer) == []


@pytest.mark.parametrize(("role", "status"), [("agent", 303), ("marketer", 303), ("analyst", 403), ("viewer", 403)])
def test_whoever_acts_for_customers_may_and_others_may_not(house, workspace, shop, stranger, home, role, status):
    page, email = f"{home}/customers/{shop.customer}", f"{role}@{workspace}.example"
    add_person(house.database, email, role, workspace, role=role)
    stranger.post(f"/console/login/{make_login_link(house.database, email, utc_now())}")
    assert ("Pause messages …" in stranger.get(page).text) == (status == 303)
    token = csrf_token(stranger.cookies[SESSION])
    assert stranger.post(f"{page}/pause", data={"csrf": token, "pause": "week"}).status_code == status


def test_a_program_begins_and_ends_it_with_its_proof(shop, stranger, header):
    admin, read = header("admin"), header("read")
    place = "/api/customers/email:ieva@post.example"
    body = {"days": 30, "how": "by telephone", "words": "Not before I am back."}
    begun = stranger.post(f"{place}/pause", headers=admin, json=body)
    assert begun.status_code == 200, begun.text
    assert stranger.post(f"{place}/pause", headers=admin, json=body).json() == begun.json()
    shop.work()
    (said,) = stranger.get(f"{place}/pauses", headers=read).json()["items"]
    assert (said["until"], said["proof"]["how"]) == (begun.json()["until"], "by telephone")
    for wrong in ({"days": 0, "how": "x"}, {"days": 367, "how": "x"}, {"days": 7, "how": " "}, {"days": 7}):
        assert stranger.post(f"{place}/pause", headers=admin, json=wrong).status_code == 400
    assert stranger.post(f"{place}/pause", headers=read, json=body).status_code == 403
    assert stranger.post(f"{place}/pause/end", headers=admin, json={"how": "by telephone"}).json()["until"] is None
    assert stranger.get(place, headers=read).json()["paused_until"] is None
