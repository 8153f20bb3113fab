"""The page of the keys: made and shown once, seen in use, revoked."""

import re
import shlex

import pytest
from tests.web.console_story import csrf

from regulars.access.keys import list_keys
from regulars.web.console.machine_keys import example


def send(client, home, path, **fields):
    token = csrf(client.get(f"{home}/keys").text)
    return client.post(f"{home}{path}", data={"csrf": token, **fields})


def make(client, home, scope, name="The shop"):
    page = send(client, home, "/keys", scope=scope, name=name)
    assert page.status_code == 201, page.text
    return re.search(rf"{scope}_[\w-]{{32}}", page.text)[0], page.text


@pytest.mark.parametrize("scope", ["browser", "write", "read", "admin"])
def test_a_key_is_shown_once_with_an_example_that_works(client, stranger, home, scope):
    key, page = make(client, home, scope)
    assert "shown this once" in page
    assert key not in client.get(f"{home}/keys").text
    words = shlex.split(example("http://testserver.local", scope, key))
    url = next(word for word in words if word.startswith("http"))
    if scope in {"read", "admin"}:
        answer = stranger.get(url, headers=dict([words[words.index("-H") + 1].split(": ", 1)]))
    else:
        answer = stranger.post(url, auth=(key, ""), content=words[words.index("-d") + 1])
    assert answer.status_code == 200, answer.text


def test_a_key_that_is_used_says_when_and_one_that_is_not_says_never(client, house, stranger, home, workspace):
    key, _ = make(client, home, "read", "Read by the report")
    assert "never used" in client.get(f"{home}/keys").text
    assert stranger.get("/api/customers", headers={"authorization": f"Bearer {key}"}).status_code == 200
    house.keys._notes.submit(lambda: None).result()  # what was handed over before is written
    assert "last used" in client.get(f"{home}/keys").text


def test_a_key_that_is_revoked_is_refused_at_once(client, house, stranger, home, workspace):
    key, _ = make(client, home, "read")
    header = {"authorization": f"Bearer {key}"}
    assert stranger.get("/api/customers", headers=header).status_code == 200
    with house.database.shared() as tx:
        (one,) = list_keys(tx, workspace)
    assert send(client, home, f"/keys/{one.id}/revoke").status_code == 303
    assert stranger.get("/api/customers", headers=header).status_code == 401
    page = send(client, home, f"/keys/{one.id}/revoke")
    assert page.status_code == 404
    assert "revoked already" in page.text


@pytest.mark.parametrize(("scope", "name"), [("everything", ""), ("read", "x" * 10_000), ("read", "a\u202eb")])
def test_what_cannot_be_taken_is_said_beside_its_field(client, home, scope, name):
    page = send(client, home, "/keys", scope=scope, name=name)
    assert page.status_code == 400
    assert 'class="wrong"' in page.text
