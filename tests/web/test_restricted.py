"""A customer who is kept and not used: by the team, by a program, by themselves; what it holds back, where it shows."""

import pytest
from tests.web.console_story import csrf
from tests.web.noted import noted_in
from tests.web.test_pauses import header, spring_again

from regulars.access.links import Link
from regulars.access.people import add_person, make_login_link
from regulars.remember import restrictions
from regulars.web.console.desk import SESSION, csrf_token
from regulars.web.console.listing import ALL
from regulars.words.clock import utc_now

__all__ = ["header"]

WHY = "What is known of this customer is kept and not used, so nothing is sent until that is lifted."


@pytest.fixture
def restrict(client, home, shop):
    """Say on the customer's page whether they are used."""

    def choose(answer, proof="Leave it <b>alone</b>"):
        page = f"{home}/customers/{shop.customer}"
        token = csrf(client.get(page).text)
        said = client.post(f"{page}/restrict", data={"csrf": token, "restricted": answer, "proof": proof})
        shop.work()
        return said

    return choose


def in_file(client, home):
    page = client.get(f"{home}/customers").text
    return client.post(f"{home}/customers/file", data={"csrf": csrf(page), ALL: "1"}).text


def test_who_is_restricted_is_in_no_segment_and_no_file_and_shown_as_such(restrict, client, home, shop):
    assert "ieva@post.example" in in_file(client, home)
    assert restrict("yes").status_code == 303
    assert spring_again(shop).asked == 0
    one = client.get(f"{home}/customers/{shop.customer}").text
    assert "Restricted: what we know of this customer is kept and not used." in one
    assert "Wants what we know kept and not used: Leave it &lt;b&gt;alone&lt;/b&gt;" in one
    assert ">not used</span>" in client.get(f"{home}/customers").text
    assert "ieva@post.example" not in in_file(client, home)
    assert restrict("no", "by telephone").status_code == 303
    assert "Restricted:" not in client.get(f"{home}/customers/{shop.customer}").text
    assert "ieva@post.example" in in_file(client, home)


def test_a_campaign_says_why_it_did_not_write(client, home, shop, stranger, header):
    """Who is restricted in the moment between the segment and the mail is not written to either."""
    with shop.tx() as tx:
        restrictions.change(tx, shop.customer, "", "by telephone", utc_now(), restricted=True)
    with shop.tx() as tx:
        tx.connection.execute("update store_follower set paused = true where name = 'segments'")
    shop.work()
    reach = spring_again(shop)
    assert (reach.asked, reach.allowed, reach.unwilling) == (1, 0, 1)
    assert WHY in client.get(f"{home}/campaigns/again/people").text
    (refused,) = stranger.get("/api/campaigns/again/people", headers=header("read")).json()["items"]
    assert (refused["reason"], refused["reason_code"]) == (WHY, "restricted")


def test_it_is_noted_who_did_it_and_its_proof_is_needed(restrict, shop, house, workspace):
    wrong = restrict("yes", "  ")
    assert wrong.status_code == 400
    alert = wrong.text.partition('role="alert"')[2].partition("</p>")[0]
    assert "Say in which words they asked for it." in alert
    assert '<a href="#privacy">' in alert
    assert "Say how they heard" not in wrong.text
    restrict("yes")
    assert "Say how they heard that it ends." in restrict("no", "").text
    restrict("no", "told by telephone")
    begun, ended = noted_in(house, workspace, action="restriction.changed")
    assert [one.who for one in (begun, ended)] == [f"owner@{workspace}.example"] * 2
    with shop.tx() as tx:
        lifted, said = restrictions.of_customer(tx, shop.customer)
    assert (said.proof["words"], lifted.proof["words"]) == ("Leave it <b>alone</b>", "told by telephone")


@pytest.mark.parametrize(("role", "status"), [("agent", 303), ("analyst", 403), ("viewer", 403)])
def test_whoever_acts_for_customers_may_and_others_may_not(house, workspace, shop, stranger, home, role, status):
    page, email = f"{home}/customers/{shop.customer}", f"{role}@{workspace}.example"
    add_person(house.database, email, role, workspace, role=role)
    stranger.post(f"/console/login/{make_login_link(house.database, email, utc_now())}")
    assert ("Keep what we know, and use it no more" in stranger.get(page).text) == (status == 303)
    data = {"csrf": csrf_token(stranger.cookies[SESSION]), "restricted": "yes", "proof": "x"}
    assert stranger.post(f"{page}/restrict", data=data).status_code == status


def test_a_program_asks_for_it_and_lifts_it_with_its_proof(shop, stranger, header):
    admin, read = header("admin"), header("read")
    place = "/api/customers/email:ieva@post.example"
    asked = stranger.post(f"{place}/restriction", headers=admin, json={"how": "by letter", "words": "Keep it."})
    assert asked.json()["restricted"] is True
    assert stranger.get(place, headers=read).json()["restricted"] is True
    shop.work()
    listed = stranger.get("/api/customers", headers=read).json()["items"]
    assert [one["restricted"] for one in listed if one["id"] == shop.customer] == [True]
    (said,) = stranger.get(f"{place}/restrictions", headers=read).json()["items"]
    assert said["proof"] == {"words": "Keep it.", "how": "by letter"}
    assert stranger.post(f"{place}/restriction", headers=admin, json={"how": " "}).status_code == 400
    assert stranger.post(f"{place}/restriction", headers=read, json={"how": "x"}).status_code == 403
    lifted = stranger.post(f"{place}/restriction/lift", headers=admin, json={"how": "told by mail"})
    assert lifted.json()["restricted"] is False


def test_a_customer_asks_for_it_on_their_own_page_and_takes_it_back(shop, stranger):
    mine = f"/me/{shop.house.links.sign_own(Link(shop.workspace, shop.customer))}"
    assert "Keep it and do not use it" in stranger.get(mine).text
    page = stranger.post(f"{mine}/restrict", data={"restricted": "yes"}, follow_redirects=True).text
    assert "From now on we keep what we know, and do not use it." in page
    shop.work()
    with shop.tx() as tx:
        assert restrictions.among(tx, [shop.customer])
    page = stranger.post(f"{mine}/restrict", data={"restricted": "no"}, follow_redirects=True).text
    assert "We use what we know again." in page


def test_a_link_that_was_passed_on_changes_nothing(shop, stranger):
    passed_on = shop.house.links.sign(Link(shop.workspace, shop.customer))
    stranger.post(f"/me/{passed_on}/restrict", data={"restricted": "yes"})
    with shop.tx() as tx:
        assert not restrictions.stands(tx, shop.customer)
