"""What a page offers, its reader may do: no link and no button leads somebody to a page that turns them away."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from tests.web.doors import Door, doors
from tests.web.every_page import Story

from regulars.access.people import add_person
from regulars.access.rights import ROLES
from regulars.access.sessions import begin_session
from regulars.web.console.desk import SESSION, right_for
from regulars.words.clock import utc_now


class Offers(HTMLParser):
    """Where the links and the buttons of a page lead, each with its method."""

    def __init__(self, page: str, path: str) -> None:
        super().__init__()
        self.found: set[tuple[str, str]] = set()
        self._path = path
        self._form = ("GET", path)
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "a" and given.get("href"):
            self._add("GET", given["href"] or "")
        elif tag == "form":
            self._form = ((given.get("method") or "get").upper(), given.get("action") or self._path)
        elif tag == "button" and given.get("type") != "button":
            method, action = self._form
            self._add(method, given.get("formaction") or action)

    def _add(self, method: str, address: str) -> None:
        self.found.add((method, address.partition("?")[0].partition("#")[0]))


def leads_to(every: list[Door], method: str, address: str) -> Iterator[Door]:
    """Return the routes that an address may be; the one with most of it written out is the one that answers."""
    found = [one for one in every if one.method == method and re.fullmatch(_pattern(one.path), address)]
    yield from sorted(found, key=lambda one: one.path.count("{"))[:1]


def _pattern(path: str) -> str:
    return re.sub(r"\\\{\w+:\w+\\\}", "[^/]+", re.escape(path))


@pytest.mark.parametrize("role", list(ROLES))
@pytest.mark.parametrize("told", [True, False], ids=["a shop with a story", "a house where nothing is yet"])
def test_no_page_offers_what_its_reader_may_not_do(house, stranger, workspace, role, told, request):
    every = [one for one in doors(house) if one.kind == "role"]
    person = add_person(house.database, f"{role}@{workspace}.example", role.title(), workspace, role=role)
    with house.database.shared() as tx:
        stranger.cookies.set(SESSION, begin_session(tx, person, utc_now()))
    if told:
        pages = [(door, path) for door, path in Story(request.getfixturevalue("shop")).pages() if door.kind == "role"]
    else:
        pages = [
            (one, one.at(workspace=workspace)) for one in every if one.method == "GET" and one.path.count("{") == 1
        ]
    wrong, seen = set[str](), 0
    for door, path in pages:
        if right_for(door.handler) not in ROLES[role]:
            continue
        page = stranger.get(path)
        assert page.status_code < 500, path
        for method, address in Offers(page.text, path).found:
            for to in leads_to(every, method, address):
                seen += 1
                if right_for(to.handler) not in ROLES[role]:
                    wrong.add(f"{door.path} offers {method} {address} to a {role}")
    assert not wrong, "\n".join(sorted(wrong))
    assert seen > 20, "the pages were not read"
