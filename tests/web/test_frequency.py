"""How often: said for a customer in the console and by the API, shown on their record, and held at once."""

import pytest
from tests.web.console_story import csrf
from tests.web.noted import noted_in

from regulars.access.keys import create_key
from regulars.remember import frequencies
from regulars.speak import campaigns
from regulars.words.clock import utc_now


@pytest.fixture
def header(house, workspace):
    """The header with a key of some scope."""
    return lambda scope: {"authorization": f"Bearer {create_key(house.database, workspace, scope)}"}


@pytest.fixture
def rarely(client, home, shop):
    """Choose on the customer's page."""

    def choose(choice, **more):
        page = f"{home}/customers/{shop.customer}"
        token = csrf(client.get(page).text)
        answer = client.post(f"{page}/frequency", data={"csrf": token, "frequency": choice, **more})
        shop.work()
        return answer

    return choose


def test_the_team_says_it_in_their_name_and_what_is_more_waits(rarely, shop, client, home, stranger, header):
    assert rarely("30", asked="Not so often <b>").status_code == 303
    page = client.get(f"{home}/customers/{shop.customer}").text
    assert "They want one message in 30 days at most." in page
    assert "Wants one message in 30 days at most: Not so often &lt;b&gt;" in page
    known = stranger.get(f"/api/customers/{shop.customer}", headers=header("read")).json()
    assert known["one_in_days"] == 30
    with shop.tx() as tx:
        campaigns.create(tx, "again", title="Again", segment="for-mothers", template="remember", purpose="marketing")
        reach = campaigns.reach(tx, campaigns.get(tx, "again"), utc_now())
        campaigns.launch(tx, "again", utc_now())
    shop.work()
    assert (reach.asked, reach.allowed, reach.waiting) == (1, 0, 1), "they have one of today already"
    assert "want it more rarely" in client.get(f"{home}/campaigns/again").text
    rarely("0")
    (sent,) = stranger.get("/api/campaigns/again/people", headers=header("read")).json()["items"]
    assert sent["state"] == "sent", "who wants more after all is not left to wait"


def test_it_is_noted_who_did_it(rarely, shop, house, workspace):
    rarely("7")
    (entry,) = noted_in(house, workspace, action="frequency.changed")
    assert (entry.before, entry.after) == ({"days": None}, {"days": 7})


def test_what_cannot_be_is_said_beside_it_and_what_was_typed_stays(rarely, shop):
    page = rarely("12", asked="As I said")
    assert page.status_code == 400
    assert 'value="As I said"' in page.text
    page = rarely("7", asked="x" * 3000)
    assert (page.status_code, 'id="asked-wrong"' in page.text) == (400, True)
    with shop.tx() as tx:
        assert frequencies.of_customer(tx, shop.customer) == []


def test_by_the_api_it_is_any_number_of_days_with_its_proof(stranger, shop, header):
    url = f"/api/customers/{shop.customer}/frequency"
    said = {"days": 14, "how": "by telephone", "words": "Every other week."}
    assert stranger.post(url, json=said, headers=header("admin")).status_code in (200, 201)
    for wrong in ({"days": 0}, {"days": 367}, {"days": "7"}, {"days": 7, "how": " "}, {"often": 7}):
        assert stranger.post(url, json=said | wrong, headers=header("admin")).status_code == 400, wrong
    assert stranger.post(url, json=said, headers=header("read")).status_code == 403
    shop.work()
    (one,) = stranger.get(f"/api/customers/{shop.customer}/frequencies", headers=header("read")).json()["items"]
    assert (one["days"], one["proof"]) == (14, {"words": "Every other week.", "how": "by telephone"})
