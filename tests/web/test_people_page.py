"""The team's page, from the owner who invites to the person who joins, and who is removed."""

import re
from dataclasses import replace

import pytest
from litestar.testing import TestClient
from tests.web.console_story import csrf

from regulars.access.people import add_person, make_login_link
from regulars.access.team import list_members
from regulars.web.app import create_app
from regulars.web.console.desk import SESSION
from regulars.words.clock import utc_now

HERE = "http://testserver.local"


def browser(house):
    client = TestClient(create_app(house), base_url=HERE, raise_server_exceptions=False)
    client.follow_redirects = False
    return client


@pytest.fixture
def other(house):
    """The browser of somebody else."""
    with browser(house) as client:
        yield client


def send(client, home, path, **fields):
    token = csrf(client.get(f"{home}/people").text)
    return client.post(f"{home}{path}", data={"csrf": token, **fields})


def invite(client, home, email, role="marketer"):
    page = send(client, home, "/people", email=email, role=role)
    assert page.status_code == 201, page.text
    link = page.text.partition(f"{HERE}/console/invitation/")[2]
    return f"/console/invitation/{link[:43]}", page.text


def member(house, workspace, email):
    with house.database.shared() as tx:
        return next((one for one in list_members(tx, workspace) if one.email == email), None)


def test_an_owner_invites_and_somebody_joins_by_the_link(client, other, home, house, workspace):
    email = f"priya@{workspace}.example"
    link, shown = invite(client, home, email)
    assert "no mail server" in shown
    page = other.get(link)
    assert page.status_code == 200
    assert SESSION not in other.cookies
    for words in ("The Gift House", "Harriet asks you", email, "Marketer"):
        assert words in page.text
    answer = other.post(link, data={"name": "Priya"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{home}?joined=yes")
    assert "Set a password before you leave" in other.get(f"{home}?joined=yes").text
    token = csrf(other.get("/console/account").text)
    other.post("/console/account/password", data={"csrf": token, "password": "a lantern for every window"})
    assert "Set a password before you leave" not in other.get(f"{home}?joined=yes").text
    assert other.get(f"{home}/people").status_code == 403
    assert "Priya" in client.get(f"{home}/people").text
    assert other.get(link).status_code == 403


def test_the_link_is_mailed_where_the_house_can(client, home, house, workspace, monkeypatch):
    told = []
    monkeypatch.setattr(type(house), "tell", lambda _, *mail: told.append(mail) or True)
    link, shown = invite(client, home, f"mailed@{workspace}.example")
    assert "on its way by mail" in shown
    ((email, subject, text),) = told
    assert email == f"mailed@{workspace}.example"
    assert "The Gift House" in subject
    assert f"{HERE}{link}" in text


def test_a_name_that_is_none_stays_in_its_field_and_the_link_stays_good(client, other, home, workspace):
    link, _ = invite(client, home, f"n@{workspace}.example")
    page = other.post(link, data={"name": "x" * 81})
    assert page.status_code == 400
    assert "x" * 81 in page.text
    assert other.post(link, data={"name": "Now right"}).status_code == 303


def test_another_site_cannot_accept(client, other, home, workspace):
    link, _ = invite(client, home, f"n@{workspace}.example")
    assert other.post(link, data={"name": "X"}, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert other.post(link, data={"name": "X"}).status_code == 303


def test_who_is_known_joins_with_their_own_session_only(client, other, home, house, workspace):
    from regulars.access.workspaces import create_workspace, delete_workspace

    email = f"boss@{workspace}.example"
    create_workspace(house.database, f"{workspace}_b", "Another")
    add_person(house.database, email, "Boss", f"{workspace}_b")
    link, _ = invite(client, home, email, "viewer")
    assert "knows you already" in client.get(link).text
    for stranger in (client, other):
        assert stranger.post(link, data={"name": "Me"}).status_code == 403
    other.post(f"/console/login/{make_login_link(house.database, email, utc_now())}")
    assert other.post(link).headers["location"] == home
    assert other.get(home).status_code == 200
    delete_workspace(house.database, f"{workspace}_b")


def test_an_invitation_is_taken_back_or_given_another_link(client, other, home, workspace):
    email = f"n@{workspace}.example"
    first, page = invite(client, home, email)
    number = page.partition("/people/invitations/")[2].partition("/")[0]
    renewed = send(client, home, f"/people/invitations/{number}/renew")
    assert renewed.status_code == 201
    assert other.get(first).status_code == 403
    assert send(client, home, f"/people/invitations/{number}/cancel").status_code == 303
    assert email not in client.get(f"{home}/people").text
    assert send(client, home, f"/people/invitations/{number}/renew").status_code == 404


def test_who_is_removed_or_gets_another_role_notices_at_once(client, other, home, house, workspace):
    email = f"n@{workspace}.example"
    other.post(invite(client, home, email)[0], data={"name": "N"})
    assert other.get(f"{home}/new/segment").status_code == 200
    number = member(house, workspace, email).id
    assert send(client, home, f"/people/{number}/role", role="viewer").status_code == 303
    refused = other.get(f"{home}/new/segment")
    assert refused.status_code == 403
    assert "Ask its owner for another role." in refused.text
    assert f'href="{home}/customers"' in refused.text  # the console's frame stands around it
    assert send(client, home, f"/people/{number}/remove").status_code == 303
    assert other.get(home).status_code == 403
    assert member(house, workspace, email) is None


def test_the_last_owner_stays_and_the_page_says_why(client, home, house, workspace):
    number = member(house, workspace, f"owner@{workspace}.example").id
    for path, fields in ((f"/people/{number}/remove", {}), (f"/people/{number}/role", {"role": "viewer"})):
        page = send(client, home, path, **fields)
        assert page.status_code == 409
        assert "needs an owner" in page.text
    assert "The only owner" in client.get(f"{home}/people").text


def test_an_owner_who_steps_down_is_shown_what_they_may_still_see(client, home, house, workspace):
    add_person(house.database, f"second@{workspace}.example", "Second", workspace)
    number = member(house, workspace, f"owner@{workspace}.example").id
    assert send(client, home, f"/people/{number}/role", role="agent").headers["location"] == "/console"
    assert client.get(home).status_code == 200
    assert "/people" not in client.get(home).text


@pytest.mark.parametrize(("email", "role"), [("nobody", "viewer"), ("a@b.example", "king"), ("<b>" * 4000, "viewer")])
def test_what_cannot_be_taken_is_said_beside_its_field(client, home, email, role):
    page = send(client, home, "/people", email=email, role=role)
    assert page.status_code == 400
    assert 'class="wrong"' in page.text
    assert "<b><b>" not in page.text


def test_what_was_done_to_the_team_is_in_the_audit_log(client, other, home, house, workspace):
    email = f"n@{workspace}.example"
    other.post(invite(client, home, email)[0], data={"name": "N"})
    send(client, home, f"/people/{member(house, workspace, email).id}/remove")
    from regulars.access.audit_records import Filter, list_entries

    with house.database.workspace(workspace) as tx:
        actions = [one.action for one in list_entries(tx, Filter(), (None, 0, 0), 20)]
    assert {"person.invited", "invitation.accepted", "person.removed"} <= set(actions)


def test_over_https_the_session_that_an_invitation_opens_is_secure(client, home, house, workspace):
    import msgspec

    link, _ = invite(client, home, f"n@{workspace}.example")
    safe = replace(house, settings=msgspec.structs.replace(house.settings, base_url="https://shop.example"))
    with browser(safe) as https:
        assert "Secure" in https.post(link, data={"name": "N"}).headers["set-cookie"]


def test_a_team_is_found_by_name_and_role_and_read_on(client, home, house, workspace):
    for number in range(60):
        add_person(house.database, f"v{number:02}@{workspace}.example", f"Viewer {number:02}", workspace, role="viewer")
    first = client.get(f"{home}/people").text
    assert "Viewer 48" in first
    assert "Viewer 49" not in first  # the owner stands before them
    rest = client.get(re.search(r'rel="next" href="([^"]+)"', first)[1].replace("&amp;", "&")).text
    assert "Viewer 49" in rest
    assert "Viewer 48" not in rest
    one = client.get(f"{home}/people?q=v07%40&role=viewer").text
    assert "Viewer 07" in one
    assert "Viewer 08" not in one
    assert "Viewer 07" not in client.get(f"{home}/people?q=v07%40&role=owner").text


def test_a_name_of_the_team_leads_to_what_they_did(client, home, house, workspace):
    add_person(house.database, f"plus+one@{workspace}.example", "Plus", workspace, role="viewer")
    page = client.get(f"{home}/people").text
    led = re.search(r'<a class="name" href="([^"]+)">Plus</a>', page)[1]
    assert f"plus%2Bone%40{workspace}.example" in led
    assert client.get(led).status_code == 200
