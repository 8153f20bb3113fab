"""Whatever is typed anywhere: never our fault, shown back escaped or refused with words, and nothing of it runs."""

import json
import re
from dataclasses import dataclass
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from litestar.testing import TestClient
from tests.web.doors import doors
from tests.web.every_page import Story
from tests.web.forms_of import ENCODED, MARK, TYPED, Form, body_of, forms_of

from regulars.web.app import create_app

RUNS = ("<script>alert", "<img src=x", "<svg/onload")
LEAVES = ("/console/logout", "/drafts/away", "/forget-me", "/deleted/funnels")
ELSEWHERE = frozenset({"page", "before", "only", "customer", "kind", "on", "q", "since", "saved"})
"""What the addresses of some pages ask for."""
SAID = ("long", "people", "script")
"""Kinds of text that come back as they were typed."""


def fine(answer, about):
    """Nothing broke, nothing of what was typed is markup, and who reads it is told something."""
    assert answer.status_code < 500, (about, answer.status_code, answer.text[:400])
    assert not [one for one in RUNS if one in answer.text], about
    assert "content-security-policy" in answer.headers, about
    assert "set-cookie" not in answer.headers or "x=1" not in answer.headers["set-cookie"], about
    if answer.status_code == 400 and "text/html" in answer.headers["content-type"]:
        assert re.search(r'class="(wrong|error|note bad)|<h1>', answer.text), about


def leading(page, place):
    """Return what the links of a page to itself ask for."""
    links = [urlsplit(unescape(link)) for link in re.findall(r'href="([^"]*\?[^"]*)"', page)]
    return {name for link in links if link.path in {"", place} for name in parse_qs(link.query)}


@dataclass(frozen=True)
class Asked:
    """A form on a page, as it is served: where it is sent, and by whom."""

    page: str
    action: str
    form: Form
    browser: TestClient

    def send(self, **fields):
        """Send it, with some fields otherwise; it does not say what it was begun from, so that nothing is overtaken."""
        sent = {name: value for name, value in (self.form.sent | fields).items() if name != "base" or name in fields}
        return self.browser.post(self.action, content=body_of(sent), headers=ENCODED)


SECRETS = {"password", "of_password", "of_secret", "provider_key"}
"""What no page shows again."""


@pytest.fixture
def walked(shop):
    """Every page that there is, with what opens it."""
    return [(address, door.kind in {"role", "session"}) for door, address in Story(shop).pages()]


@pytest.fixture
def every_form(house, client, walked):
    """Every form of every page that changes something, once; a stranger fills in those before the log-in."""
    found = {}
    with TestClient(create_app(house), base_url="http://testserver.local", raise_server_exceptions=False) as stranger:
        stranger.follow_redirects = False
        for path, inside in walked:
            browser = client if inside else stranger
            for form in forms_of(browser.get(path).text):
                action = form.action or path
                known = (re.sub(r"\d+", "1", action), *sorted(form.fields))
                if form.method == "post" and not action.endswith(LEAVES):
                    found.setdefault(known, Asked(path, action, form, browser))
        assert len(found) > 60
        yield list(found.values())


def lost(answer, name, typed):
    """Return what was lost of something refused: it is said on the page where it was typed, and stands there still."""
    fields = [form.fields for form in forms_of(answer.text) if form.method == "post"]
    whole = [one["blocks"] for one in fields if "blocks" in one]  # a mail that cannot be shown is shown as text
    if typed.strip() not in [one[name].strip() for one in fields if name in one]:
        written = json.dumps(typed, ensure_ascii=False)
        return "" if any(written in text for text in whole) else "what was typed"
    return "" if re.search(r'class="(wrong|note bad)"|<mark>', answer.text) else "what is wrong"


def test_whatever_is_typed_into_any_form_is_kept_or_refused_beside_it(client, walked, every_form):
    gone = []
    for kind, text in TYPED.items():
        for one in every_form:
            if one.form.typed:
                fine(one.send(**dict.fromkeys(one.form.typed, text)), (one.action, kind))
            for name in one.form.written if kind in SAID else ():
                answer = one.send(**{name: text})
                fine(answer, (one.action, name, kind))
                if 400 <= answer.status_code < 500 and name not in SECRETS and (what := lost(answer, name, text)):
                    gone.append((what, answer.status_code, one.page, one.action, name, kind))
        for path, inside in walked if kind in SAID else ():
            if inside:
                fine(client.get(path), (path, kind))
    assert not gone


@pytest.mark.parametrize("kind", ["script", "surrogate", "number", "power", "deep"])
def test_hidden_fields_and_buttons_that_somebody_changed_break_nothing(every_form, kind):
    for one in every_form:
        for name in one.form.fields.keys() - {"csrf", "who"}:
            fine(one.send(**{name: TYPED[kind]}), (one.page, one.action, name, kind))


def test_every_route_that_takes_a_form_is_walked_or_answers_anything(house, client, workspace, every_form):
    """What has no form on a page (scripts send it, or another state shows it) is sent bad fields all the same."""
    names = {"csrf": next(one.form.fields["csrf"] for one in every_form if "csrf" in one.form.fields), "who": "1"}
    asked = {name for one in every_form for name in one.form.fields} - set(names)
    for door in doors(house):
        if not door.changes or door.path.startswith("/api/") or door.path.endswith("/logout"):
            continue
        for kind in ("script", "null", "surrogate"):
            body = body_of(dict.fromkeys(asked, TYPED[kind]) | names)
            answer = client.post(door.at(workspace=workspace), content=body, headers=ENCODED)
            fine(answer, (door.path, kind))


@pytest.mark.parametrize("kind", TYPED)
def test_whatever_stands_in_an_address_is_read_or_refused(house, client, workspace, shop, walked, kind):
    for path in [path for path, inside in walked if inside]:
        page, place = client.get(path).text, urlsplit(path).path
        asked = {name for form in forms_of(page) if form.method == "get" for name in form.fields} | leading(page, place)
        for names in [*((name,) for name in asked), ELSEWHERE - asked]:
            query = body_of(dict.fromkeys(names, TYPED[kind])).decode()
            if len(query) < 8_000:
                fine(client.get(f"{place}?{query}"), (path, names, kind))
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
