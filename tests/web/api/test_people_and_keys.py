"""People, invitations and keys by the API: only for admin keys, and no secret is told twice."""

import pytest

from regulars.access.people import add_person


@pytest.mark.parametrize("path", ["/people", "/invitations", "/keys"])
def test_only_an_admin_key_sees_people_and_keys(ask, path):
    assert ask(path).status_code == 403
    assert ask(path, scope="admin").status_code == 200


def test_an_invitation_is_made_once_and_its_link_told_once(ask, tell, stranger):
    body = {"email": "toms@gifts.example", "role": "agent"}
    first = tell("/invitations", body, once="a")
    assert first.status_code == 201
    link = first.json()["link"]
    assert stranger.get(link).status_code == 200
    again = tell("/invitations", body, once="a")
    assert (again.json()["link"], again.json()["invitation"]) == (None, first.json()["invitation"])
    assert ask("/invitations", scope="admin").json()["total"] == 1
    assert stranger.get(link).status_code == 200


def test_an_invitation_is_mailed_where_the_house_can(tell, house, monkeypatch):
    told = []
    monkeypatch.setattr(type(house), "tell", lambda _, *mail: told.append(mail) or True)
    link = tell("/invitations", {"email": "toms@gifts.example", "role": "agent"}, once="b").json()["link"]
    tell("/invitations", {"email": "toms@gifts.example", "role": "agent"}, once="b")
    assert [email for email, _, text in told if link in text] == ["toms@gifts.example"]


def test_a_key_is_told_once_and_works_until_it_is_revoked(ask, tell, stranger, header, house, workspace):
    made = tell("/keys", {"scope": "read", "name": "The report"}, once="k").json()
    assert tell("/keys", {"scope": "read", "name": "The report"}, once="k").json() == made | {"key": None}
    with house.database.workspace(workspace) as tx:
        kept = tx.connection.execute("select string_agg(t::text, ' ') from web_answer t").fetchone()[0]
    assert made["key"] not in kept
    theirs = {"authorization": f"Bearer {made['key']}"}
    assert stranger.get("/api/customers", headers=theirs).status_code == 200
    assert stranger.delete(f"/api/keys/{made['about']['id']}", headers=theirs).status_code == 403
    assert stranger.delete(f"/api/keys/{made['about']['id']}", headers=header("admin")).status_code == 200
    assert stranger.get("/api/customers", headers=theirs).status_code == 401


def test_the_last_owner_stays(ask, tell, stranger, header, house, workspace):
    email = f"owner@{workspace}.example"
    add_person(house.database, email, "Harriet", workspace)
    assert tell(f"/people/{email}/role", {"role": "viewer"}).status_code == 409
    refused = stranger.delete(f"/api/people/{email}", headers=header("admin"))
    assert (refused.status_code, "needs an owner" in refused.json()["detail"]) == (409, True)
    add_person(house.database, f"second@{workspace}.example", "Second", workspace)
    assert tell(f"/people/{email}/role", {"role": "viewer"}).json()["role"] == "viewer"


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/invitations", {"email": "nobody", "role": "agent"}, "email"),
        ("/invitations", {"email": "a@b.example", "role": "king"}, "role"),
        ("/keys", {"scope": "everything"}, "scope"),
        ("/keys", {"scope": "read", "name": "x" * 81}, "name"),
    ],
)
def test_what_cannot_be_taken_names_its_field(tell, path, body, field):
    problem = tell(path, body)
    assert (problem.status_code, [one["field"] for one in problem.json()["errors"]]) == (400, [field])


def test_a_team_is_narrowed_by_words_and_role(ask, house, workspace):
    add_person(house.database, f"ana@{workspace}.example", "Ana Viewer", workspace, role="viewer")
    found = ask("/people?q=ANA&role=viewer", scope="admin").json()
    assert [one["name"] for one in found["items"]] == ["Ana Viewer"]
    assert ask("/people?q=ana&role=owner", scope="admin").json()["total"] == 0
