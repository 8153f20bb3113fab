"""Whatever is typed anywhere: never our fault, shown back escaped or refused with words, and nothing of it runs."""

import re
from urllib.parse import urlsplit

import pytest
from tests.web.console_story import PAGES
from tests.web.doors import doors
from tests.web.forms_of import ENCODED, MARK, TYPED, body_of, forms_of

from regulars.hear.identities import intern

RUNS = ("<script>alert", "<img src=x", "<svg/onload")
LEAVES = ("/console/logout", "/drafts/away")
BY_SCRIPTS = {"/{workspace:str}/drafts", "/{workspace:str}/drafts/on"}


def fine(answer, about):
    """Nothing broke, nothing of what was typed is markup, and who reads it is told something."""
    assert answer.status_code < 500, (about, answer.status_code, answer.text[:400])
    assert not [one for one in RUNS if one in answer.text], about
    assert "content-security-policy" in answer.headers, about
    assert "set-cookie" not in answer.headers or "x=1" not in answer.headers["set-cookie"], about
    if answer.status_code == 400 and "text/html" in answer.headers["content-type"]:
        assert re.search(r'class="(wrong|error|note bad)|<h1>', answer.text), about


@pytest.fixture
def walked(house, shop, home):
    """Every page of the console, with a customer's, a message's and the account's."""
    with shop.tx() as tx:
        intern(tx, [("email", "somebody@x.example")])
    more = [f"/customers/{shop.customer}", "/messages/1", "/workspace", "/workspace/delete", "/design"]
    own = ["/console/account", "/console/workspaces", "/console/workspaces/new", "/console/login"]
    return [f"{home}{path}" for path in (*PAGES, *more)] + own


def posting(client, walked):
    """Every form that changes something, once, with the page it stands on."""
    seen = set()
    for path in walked:
        page = client.get(path)
        assert page.status_code in {200, 303}, path
        for form in forms_of(page.text):
            action = form.action or path
            known = (re.sub(r"\d+", "1", action), tuple(sorted(form.fields)))
            if form.method == "post" and known not in seen and not action.endswith(LEAVES):
                seen.add(known)
                yield path, action, form


@pytest.mark.parametrize("kind", TYPED)
def test_whatever_is_typed_into_a_form_of_the_console_is_kept_or_refused(client, walked, kind):
    tried = 0
    for path, action, form in posting(client, walked):
        typed = dict.fromkeys(form.typed, TYPED[kind])
        if not typed:
            continue
        tried += 1
        fine(client.post(action, content=body_of(form.fields | typed), headers=ENCODED), (path, action, kind))
        for name in typed if len(typed) > 1 and kind == "script" else ():
            one = form.fields | {name: TYPED[kind]}
            fine(client.post(action, content=body_of(one), headers=ENCODED), (path, action, name, kind))
    assert tried >= 10
    for path in walked:
        fine(client.get(path), (path, kind))


@pytest.mark.parametrize("kind", ["script", "surrogate", "number", "power", "deep"])
def test_hidden_fields_and_buttons_that_somebody_changed_break_nothing(client, walked, kind):
    for path, action, form in posting(client, walked):
        for name in form.fields.keys() - {"csrf", "who"}:
            one = form.fields | {name: TYPED[kind]}
            fine(client.post(action, content=body_of(one), headers=ENCODED), (path, action, name, kind))


def test_every_route_that_takes_a_form_is_walked_or_answers_anything(house, client, home, workspace, walked):
    """What has no form on a page (scripts send it, or another state shows it) is sent bad fields all the same."""
    token = next(form.fields["csrf"] for _, _, form in posting(client, walked) if "csrf" in form.fields)
    names = {"csrf": token, "who": "1"}
    asked = {name for _, _, form in posting(client, walked) for name in form.fields} - set(names)
    for door in doors(house):
        if not door.changes or door.path.startswith("/api/") or door.path.endswith("/logout"):
            continue
        for kind in ("script", "null", "surrogate"):
            body = body_of(dict.fromkeys(asked, TYPED[kind]) | names)
            answer = client.post(door.at(workspace=workspace), content=body, headers=ENCODED)
            fine(answer, (door.path, kind))


@pytest.mark.parametrize("kind", TYPED)
def test_whatever_stands_in_an_address_is_read_or_refused(house, client, workspace, shop, walked, kind):
    for path in walked:
        page = client.get(path)
        names = {name for form in forms_of(page.text) if form.method == "get" for name in form.fields}
        for name in {*names, "page", "before", "only", "customer", "kind", "on", "q", "since", "saved"}:
            query = body_of({name: TYPED[kind]}).decode()
            if len(query) < 8_000:
                fine(client.get(f"{urlsplit(path).path}?{query}"), (path, name, kind))
    for door in doors(house):
        if door.method == "GET" and "{" in door.path and not door.path.endswith("/live/{topic:str}"):
            there = re.sub(r"\{(\w+):(str|path)\}", lambda place: _place(place, workspace, kind), door.path)
            there = re.sub(r"\{\w+:int\}", "9" * 30 if kind == "number" else "1", there)
            if len(there) < 8_000:
                fine(client.get(there), (door.path, kind))


def _place(place, workspace, kind):
    if place[1] == "workspace":
        return workspace
    return body_of({"": TYPED[kind]}).decode()[1:].replace("/", "%2F") or "x"


def test_the_mark_is_one_that_would_run():
    assert all(one in MARK for one in RUNS)
