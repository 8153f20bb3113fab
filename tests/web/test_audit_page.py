"""Settings > Audit log: who did what, in words, found, opened, taken along and checked, by owners only."""

import csv
import io
import json
import re

import pytest
from tests.web.console_story import csrf
from tests.web.noted import noted_in

from regulars.access import audit_records
from regulars.access.audit import Deed, Who
from regulars.access.people import add_person, make_login_link
from regulars.hear.identities import intern
from regulars.speak import campaigns, records
from regulars.store.log import NewEvent, append
from regulars.web.api.routes import HANDLERS as API_HANDLERS
from regulars.web.console.account import HANDLERS as ACCOUNT_HANDLERS
from regulars.web.console.deeds import sentences
from regulars.web.console.routes import HANDLERS as CONSOLE_HANDLERS
from regulars.web.noting import noted_by
from regulars.web.table import cell
from regulars.words.clock import utc_now


def text_of(page):
    bare = re.sub(r"<[^>]+>", "", page.text)
    return " ".join(bare.split())


@pytest.fixture
def told(client, home, shop):
    """Harriet looked at a customer and stopped a campaign."""
    client.get(f"{home}/customers/{shop.customer}")
    token = csrf(client.get(f"{home}/campaigns/spring").text)
    client.post(f"{home}/campaigns/spring/stop", data={"csrf": token})


@pytest.mark.parametrize(
    "action",
    sorted({found.action for one in [*CONSOLE_HANDLERS, *ACCOUNT_HANDLERS, *API_HANDLERS] if (found := noted_by(one))}),
)
def test_every_action_has_its_sentence(action):
    assert action in sentences("en"), "give it a sentence in web/console/deeds.py"


def test_the_log_says_in_words_who_did_what(client, home, shop, told):
    page = text_of(client.get(f"{home}/audit")).partition("Search")[2]
    assert "Harriet saw Ieva Kalniņa" in page
    assert "Harriet stopped the campaign Spring" in page
    assert "Harriet logged in" in page
    assert page.index("stopped the campaign") < page.index("saw Ieva") < page.index("logged in")


def test_it_reads_only_the_campaigns_that_it_names(client, home, shop, told, monkeypatch):
    read, list_campaigns = [], records.list_campaigns
    with shop.tx() as tx:
        for name in ("summer", "autumn"):
            campaigns.create(tx, name, title=name, segment="for-mothers", template="remember", purpose="news")
    monkeypatch.setattr(records, "list_campaigns", lambda *given: read.extend(list_campaigns(*given)) or read)
    assert "stopped the campaign Spring" in text_of(client.get(f"{home}/audit"))
    assert [one.name for one in read] == ["spring"]


def test_it_names_events_imports_and_followers_as_people_do(client, home, shop):
    with shop.tx() as tx:
        shop.rejected(tx)
    assert client.get(f"{home}/debugger/1").status_code == 200
    assert client.get(f"{home}/debugger/rejected/1").status_code == 200
    token = csrf(client.get(f"{home}/health").text)
    client.post(f"{home}/health/did/pause", data={"csrf": token})
    page = text_of(client.get(f"{home}/audit")).partition("Search")[2]
    assert "Harriet looked at an event: Ieva Kalniņa" in page
    assert "Harriet looked at an event: 1" in page
    assert "Harriet paused the follower What they did" in page


def test_an_entry_opens_to_what_changed(client, home, shop, told):
    page = client.get(f"{home}/audit?action=campaign.stopped")
    assert "state before live after stopped" in text_of(page)
    assert "Harriet saw" not in text_of(page)


@pytest.mark.parametrize(
    ("query", "there"),
    [
        ("who=owner@{workspace}.example", True),
        ("who=nobody@x.example", False),
        ("action=customer.seen", True),
        ("action=campaign.launched", False),
        ("on=customer:{customer}", True),
        ("on={customer}", True),
        ("on=campaign:{customer}", False),
        ("since=2020-01-01&until=2999-12-31", True),
        ("until=2020-01-01", False),
        ("since=2999-12-31", False),
        ("who=owner@{workspace}.example&action=customer.seen&on=customer:{customer}", True),
    ],
)
def test_filters_stand_in_the_address(client, home, shop, told, workspace, query, there):
    page = text_of(client.get(f"{home}/audit?{query.format(workspace=workspace, customer=shop.customer)}"))
    assert ("Harriet saw Ieva" in page) is there
    assert ("Nothing matches" in page) is not there


def test_a_day_that_is_none_or_a_place_that_is_none_is_said(client, home, workspace):
    for query in ("since=tomorrow", "until=9999-12-31", "before=yesterday", "before=2026-01-01T00:00:00Z~-1"):
        assert client.get(f"{home}/audit?{query}").status_code in (200, 400)
    assert "2026-05-31" in text_of(client.get(f"{home}/audit?since=tomorrow"))


def test_a_customers_page_leads_owners_to_who_looked_at_it(client, home, shop):
    link = re.search(r'href="([^"]*/audit\?on=customer:\d+)"', client.get(f"{home}/customers/{shop.customer}").text)
    page = text_of(client.get(link.group(1)))
    assert "What was seen and done of Ieva Kalniņa" in page
    assert "Harriet saw Ieva Kalniņa" in page


def test_who_was_several_customers_is_found_under_every_number(client, home, shop, house, workspace):
    with house.database.workspace(workspace) as tx:
        ids = intern(tx, [("email", "other@post.example"), ("user", "u-1")])
        append(tx, [NewEvent(ids["email", "other@post.example"], utc_now(), "page", b'{"name": "Lanterns"}')])
    shop.work()
    other = ids["email", "other@post.example"]
    assert client.get(f"{home}/customers/{other}").status_code == 200
    with house.database.workspace(workspace) as tx:
        link = {"traits": {"email": "other@post.example"}, "links": [other], "verified": True}
        append(tx, [NewEvent(ids["user", "u-1"], utc_now(), "identify", json.dumps(link).encode())])
    shop.work()
    page = text_of(client.get(f"{home}/audit?on=customer:{shop.customer}"))
    assert "Harriet saw Ieva Kalniņa" in page
    assert f"customer:{other}" in page


def test_a_long_log_is_read_on_by_places(client, home, house, workspace):
    with house.database.workspace(workspace) as tx:
        for number in range(120):
            house.audit.note(
                tx, Who("person", "t@x.example"), Deed("segment.made", "segment", f"s-{number}"), utc_now()
            )
    seen, path = [], f"{home}/audit?action=segment.made"
    while path:
        page = client.get(path).text
        seen += re.findall(r"segment:(s-\d+)<", page)
        further = re.search(r'rel="next" href="([^"]+)"', page)
        path = f"{home}/audit{further.group(1).replace('&amp;', '&')}" if further else None
    assert seen == [f"s-{number}" for number in reversed(range(120))]


def test_it_can_be_taken_along_as_csv_without_formulas(client, home, house, workspace, shop, told):
    with house.database.workspace(workspace) as tx:
        house.audit.note(tx, Who("key", "=1+1"), Deed("key.made", "key", "@SUM(A1)", "-2"), utc_now())
    answer = client.get(f"{home}/audit/taken/csv")
    assert answer.headers["content-type"].startswith("text/csv")
    assert "attachment" in answer.headers["content-disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert {row["action"] for row in rows} >= {"login", "customer.seen", "campaign.stopped", "key.made"}
    (bad,) = (row for row in rows if row["action"] == "key.made")
    assert (bad["who"], bad["name"], bad["label"]) == ("'=1+1", "'@SUM(A1)", "'-2")
    assert "audit.taken" in {one.action for one in noted_in(house, workspace)}


def test_it_can_be_taken_along_as_lines_of_json_with_the_same_filters(client, home, shop, told, monkeypatch):
    monkeypatch.setattr("regulars.web.console.audit._PIECE", 2)
    lines = client.get(f"{home}/audit/taken/jsonl?on=customer:{shop.customer}").text.splitlines()
    (one,) = map(json.loads, lines)
    assert (one["action"], one["name"]) == ("customer.seen", str(shop.customer))
    assert len(client.get(f"{home}/audit/taken/jsonl").text.splitlines()) >= 3
    assert client.get(f"{home}/audit/taken/xls").status_code == 404


@pytest.mark.parametrize("value", ["=x", "+x", "-x", "@x", "\tx", "\rx"])
def test_a_cell_is_no_formula(value):
    assert cell(value) == f"'{value}"


def test_tampering_is_said_on_the_page(client, home, house, workspace, shop, told):
    assert "entries are as they were written" in text_of(client.get(f"{home}/audit?check=yes"))
    with house.database.workspace(workspace) as tx:
        tx.connection.execute("set local session_replication_role = replica")
        tx.connection.execute("delete from access_audit where action = 'customer.seen'")
    page = text_of(client.get(f"{home}/audit?check=yes"))
    assert "The log is not as it was written" in page
    assert "is missing" in page or "The end of chain" in page


@pytest.mark.parametrize("role", ["marketer", "agent", "analyst", "viewer"])
def test_only_owners_see_it(stranger, house, home, workspace, shop, role):
    email = f"{role}@{workspace}.example"
    add_person(house.database, email, role.title(), workspace, role=role)
    stranger.post(f"/console/login/{make_login_link(house.database, email, utc_now())}")
    for path in ("/audit", "/audit/taken/csv", "/audit/taken/jsonl"):
        assert stranger.get(f"{home}{path}").status_code == 403
    page = stranger.get(f"{home}/customers/{shop.customer}").text
    assert "/audit" not in page


def test_names_of_customers_do_not_stand_in_the_log_itself(client, home, house, workspace, shop, told):
    client.get(f"{home}/customers?q=kalnina")
    client.get(f"{home}/mailbox")
    with house.database.workspace(workspace) as tx:
        entries = audit_records.list_entries(tx, audit_records.Filter(), (None, 0, 0), 100)
    assert not re.search(r"ieva|kalni|marta|mother", str(entries), re.IGNORECASE)
