"""An empty list says in one place what would stand there, and has one button that begins it, for every role."""

import re
from html import unescape

import pytest
from tests.web.doors import doors

from regulars.access import export_records
from regulars.access.keys import add_key
from regulars.access.rights import ROLES
from regulars.words.clock import utc_now

LISTS = (
    "/customers", "/facts", "/missing", "/orders", "/products", "/duplicates", "/segments", "/campaigns", "/templates",
    "/forms", "/mailbox", "/debugger", "/imports", "/alerts", "/keys", "/erasures", "/suppressed", "/workspace/exports",
    "/retention", "/health/quarantine", "/buying", "/buying/months", "/buying/stages", "/buying/products", "/together",
    "/funnels", "/groups", "/cohorts",
)  # fmt: skip
"""Every page of a workspace that is a list, or a chart of one."""
OTHERS = {
    "": "home: its first steps are tested in test_pages.py",
    "/audit": "whoever looks at it has logged in, and that is noted",
    "/people": "the team: whoever looks at it is in it",
    "/health": "how things stand: there is always something",
    "/health/figure": "one figure",
    "/buying/people": "the people behind one number",
    "/buying/stage": "the people behind one number",
    "/fact": "one fact",
    "/order": "one order",
    "/product": "one product",
    "/design": "the parts of pages",
    "/duplicates/rules": "rules",
    "/contact-policy": "settings",
    "/counting": "settings",
    "/returned-mail": "settings",
    "/channels": "every channel, set up or not",
    "/workspace": "the workspace itself",
    "/workspace/delete": "the workspace itself",
    "/new/segment": "a composer",
    "/new/campaign": "a composer",
    "/new/template": "a composer",
    "/new/form": "a composer",
    "/new/list": "a composer",
    "/new/funnel": "a composer",
    "/cohorts/file": "a file",
    "/cohorts/people": "the people behind one number",
}
FILTERED = {
    "/customers": "q=nobody", "/facts": "q=nothing", "/orders": "q=nothing", "/products": "q=nothing",
    "/duplicates": "q=nobody", "/segments": "q=nothing", "/campaigns": "q=nothing", "/templates": "q=nothing",
    "/forms": "q=nothing", "/mailbox": "to=nobody", "/debugger": "library=unheard", "/imports": "q=nothing",
    "/alerts": "q=nothing", "/audit": "on=customer:99", "/keys": "q=nothing", "/erasures": "q=99",
    "/suppressed": "q=nobody",
    "/workspace/exports": "q=nothing", "/retention": "q=nothing", "/health/quarantine": "q=nothing",
    "/together": "q=nothing", "/people": "q=nobody", "/funnels": "q=nothing",
}  # fmt: skip
"""What finds nothing, by list."""
LINK = re.compile(r'<a class="button[^"]*" href="([^"]+)"')


def empties(page):
    """The explanations on a page, each to the end of its card; those in a dialog that is not open are none."""
    found = []
    for begin in re.finditer(r'<(div|section) class="card (?:stack )?empty', page):
        tag, depth = begin[1], 0
        for edge in re.finditer(rf"<(/?){tag}\b", page[begin.start() :]):
            depth += -1 if edge[1] else 1
            if depth == 0:
                found.append(page[begin.start() : begin.start() + edge.end()])
                break
    return found


@pytest.fixture(params=ROLES)
def role(request, client, house, workspace):
    """Somebody of each role, in a workspace in which nothing ever happened."""
    with house.database.shared() as tx:
        tx.run(
            b"update access_role set role = %(role)s where workspace = %(workspace)s",
            role=request.param, workspace=workspace,
        )  # fmt: skip
    return request.param


def test_every_page_without_places_is_known_here(house):
    desk = "/console/{workspace:str}"
    pages = {one.path.removeprefix(desk) for one in doors(house) if one.method == "GET" and one.path.startswith(desk)}
    assert {one for one in pages if "{" not in one} == {*LISTS, *OTHERS}


def test_each_has_one_explanation_and_one_button_that_leads_on(role, client, home):
    seen = 0
    for path in LISTS:
        page = client.get(f"{home}{path}")
        if page.status_code == 403:
            assert role != "owner", path
            continue
        assert page.status_code == 200, path
        (card,) = empties(page.text)
        assert re.search(r"<h2>[^<]+</h2>", card), path
        assert re.search(r"<(p|li)[ >]", card), path
        links, sends = LINK.findall(card), re.findall(r'<form method="post" action="([^"]+)"', card)
        assert len(links) + len(sends) == 1, (path, links, sends)
        for link in links:
            assert client.get(unescape(link)).status_code == 200, (path, link)
        seen += 1
    assert seen >= 18


@pytest.mark.parametrize("path", FILTERED)
def test_what_finds_nothing_leads_back_to_all_of_it(client, home, shop, path):
    shop.sell()
    with shop.tx() as tx:
        add_key(tx, shop.workspace, "read", "Till")
        export_records.ask(tx, shop.workspace, "owner@x.example", utc_now())
    page = client.get(f"{home}{path}?{FILTERED[path]}")
    assert page.status_code == 200
    (card,) = empties(page.text)
    assert LINK.findall(card) == [f"{home}{path}"]


def test_every_list_that_can_be_searched_is_tried_without_hits():
    assert set(LISTS) - set(FILTERED) == {
        "/missing", "/buying", "/buying/months", "/buying/stages", "/buying/products", "/groups", "/cohorts",
    }  # fmt: skip
