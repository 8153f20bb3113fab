"""Whoever is forgotten is found nowhere: every table, every column and every file is searched for them."""

import msgspec
import pytest
from tests.web.forgettable import BROWSER, MAIL, MARKS, NAME, PHONE, USER, Marked, places

from regulars.access.audit_check import verify
from regulars.access.keys import create_key
from regulars.decide.policy import gate
from regulars.engage import confirmations, forms, responses
from regulars.hear.identities import find, intern
from regulars.loop import followers
from regulars.remember import customers, pauses
from regulars.remember import erasure_records as erasures
from regulars.remember.facts import current
from regulars.store import records as store
from regulars.store.log import NewEvent, append
from regulars.store.records import count_events, list_events
from regulars.understand.counting import counted
from regulars.understand.turning import turn
from regulars.web.gone_records import STEPS
from regulars.wiring import forgetting_of
from regulars.words.clock import utc_now
from regulars.words.reasons import UNWANTED


@pytest.fixture
def somebody(shop, client, home):
    """The marked person, in every feature there is."""
    marked = Marked(shop)
    marked.live()
    marked.is_worked_with(client, home)
    marked.is_brought()
    marked.is_exported()
    yield marked
    for file in shop.house.exports.glob("*.zip"):
        file.unlink()


@pytest.fixture
def found(house, workspace):
    """Where a mark is found now."""
    return lambda marks=MARKS: places(house.database, workspace, [house.settings.data], marks)


def forget(somebody, mode="erase"):
    house, workspace = somebody.shop.house, somebody.shop.workspace
    with somebody.shop.tx() as tx:
        erasures.ask(tx, somebody.me, mode, utc_now())
    done = forgetting_of(house, STEPS).carry_out_next(workspace)
    with somebody.shop.tx() as tx:
        return erasures.get(tx, done.id)


FULL = {
    "store_event",
    "store_quarantine",
    "hear_identity",
    "hear_rejected",
    "hear_import",
    "remember_customer",
    "remember_fact",
    "remember_order",
    "remember_order_said",
    "remember_pause",
    "remember_restriction",
    "speak_message",
    "speak_touch",
    "measure_click",
    "engage_response",
    "engage_confirmation",
    "sandbox_mail",
    "web_draft",
    "web_answer",
    "access_audit",
}
"""Tables in which the marked person is found while they are remembered."""


@pytest.mark.parametrize("mode", ["erase", "anonymise"])
def test_whoever_is_forgotten_is_found_in_no_table_and_in_no_file(somebody, found, mode):
    before = found()
    assert before >= FULL
    assert {one.rpartition(".")[2] for one in before if "." in one} >= {"zip", "file", "csv"}
    done = forget(somebody, mode)
    assert found() == set()
    assert done.state == "done"
    assert done.rows > len(FULL)


def test_kind_day_and_money_of_what_they_did_stay_and_are_nobodys(somebody):
    with somebody.shop.tx() as tx:
        before = {event.seq: event for event in list_events(tx, kind=None, before=None, limit=500)}
        total = count_events(tx, kind=None)
    forget(somebody)
    with somebody.shop.tx() as tx:
        after = {event.seq: event for event in list_events(tx, kind=None, before=None, limit=500)}
        assert count_events(tx, kind=None) == total
    theirs = [seq for seq, event in after.items() if event.identity_id == 0]
    assert theirs
    for seq in theirs:
        assert (after[seq].kind, after[seq].at.date()) == (before[seq].kind, before[seq].at.date())
        assert after[seq].at.hour == after[seq].at.minute == 0
        assert set(after[seq].props) <= {"total", "currency"}
    assert [one.props for one in after.values() if one.identity_id == 0 and one.kind == "Order Completed"] == [
        {"total": 49.9, "currency": "EUR"}
    ]
    assert all(after[seq] == before[seq] for seq in after.keys() - set(theirs))


def test_an_anonymous_one_stands_in_for_whoever_is_made_anonymous(somebody):
    forget(somebody, "anonymise")
    with somebody.shop.tx() as tx:
        (newest, *_) = customers.search(tx).customers
        assert newest.name == ""
        assert [(one.kind, one.value[:5]) for one in customers.identities_of(tx, newest.id)] == [("anonymous", "gone-")]
        assert {one.kind: one.count for one in counted(tx, newest.id)} == {"Order Completed": 1, "page": 1}
        assert current(tx, newest.id) == []


def test_the_audit_log_still_verifies_and_says_who_looked(somebody):
    house = somebody.shop.house
    forget(somebody)
    with somebody.shop.tx() as tx:
        verdict = verify(tx, house.audit)
        assert verdict.broken == []
        rows = tx.connection.execute(
            "select who, action, label, after from access_audit where name = %s order by at", (str(somebody.me),)
        ).fetchall()
    assert ("customer.seen", "", None) in [row[1:] for row in rows]
    assert {row[0] for row in rows if row[1] == "customer.seen"} == {f"owner@{somebody.shop.workspace}.example"}
    assert rows[-1][1] == "customer.erased"


def test_a_blanked_entry_that_is_changed_or_moved_is_found(somebody):
    house = somebody.shop.house
    forget(somebody)
    with somebody.shop.tx() as tx:
        chain, n = tx.connection.execute("select chain, n from access_audit where blanked is not null").fetchone()
        tx.connection.execute("alter table access_audit disable trigger access_audit_keep")
        tx.connection.execute("update access_audit set who = 'x@y.z' where chain = %s and n = %s", (chain, n))
        assert [(one.what, one.chain, one.n) for one in verify(tx, house.audit).broken] == [("changed", chain, n)]


def test_whoever_comes_by_the_same_identifier_is_somebody_new(somebody, stranger):
    key = create_key(somebody.shop.house.database, somebody.shop.workspace, "write")

    def buys():
        event = {"userId": USER, "event": "Order Completed", "properties": {"total": 5}}
        assert stranger.post("/v1/track", json=event, auth=(key, "")).status_code == 200
        somebody.shop.work()
        with somebody.shop.tx() as tx:
            return find(tx, ("user", USER))

    before = buys()  # every process has their number in mind now
    forget(somebody)
    again = buys()
    assert again != before
    with somebody.shop.tx() as tx:
        assert {(fact.source, fact.identity_id) for fact in current(tx, again)} == {("did", again)}
        assert [one.value for one in customers.identities_of(tx, again)] == [USER]
        assert {one.kind: one.count for one in counted(tx, again)} == {"Order Completed": 1}


def test_nobody_writes_to_them_again_until_they_say_so_themselves(somebody):
    def verdict():
        with somebody.shop.tx() as tx:
            address = intern(tx, [("email", MAIL)])["email", MAIL]
            said = {"purpose": "marketing", "channel": "email", "granted": True, "words": "ok", "how": "a list"}
            append(tx, [NewEvent(address, utc_now(), "consent.changed", msgspec.json.encode(said))])
        somebody.shop.work()
        with somebody.shop.tx() as tx:
            return gate(tx, [address], "marketing", "email", utc_now())[address]

    with somebody.shop.tx() as tx:
        pauses.change(tx, somebody.me, None, "Go on.", "by telephone", utc_now())
    assert verdict().allowed
    forget(somebody)
    assert verdict().reason == UNWANTED
    confirm(somebody)
    assert verdict().allowed


def confirm(somebody):
    """They fill the form in again, and say by the link in the mail that they want to be written to."""
    with somebody.shop.tx() as tx:
        form = forms.get_form(tx, "gift-quiz")
        visitor = intern(tx, [("anonymous", "back-again")])["anonymous", "back-again"]
        response = responses.start(tx, form, responses.Who(visitor, verified=False), utc_now())
        secret = confirmations.ask(tx, response, confirmations.Wanted(MAIL, []), utc_now())
    with somebody.shop.tx() as tx:
        confirmations.confirm(tx, secret, utc_now())
    somebody.shop.work()


def test_what_arrives_under_an_old_number_goes_too(somebody, found):
    old = somebody.me
    forget(somebody)
    with somebody.shop.tx() as tx:
        append(tx, [NewEvent(old, utc_now(), "page", b'{"name": "Quorvex again"}')])
    somebody.shop.work()
    assert found() == {"store_event"}
    forgetting_of(somebody.shop.house, STEPS).sweep(somebody.shop.workspace, utc_now())
    assert found() == set()
    with somebody.shop.tx() as tx:
        assert customers.customer_of(tx, old) is None


def test_nobody_else_loses_anything(somebody):
    with somebody.shop.tx() as tx:
        others = {one.id: current(tx, one.id) for one in customers.search(tx).customers if one.name != NAME}
    forget(somebody)
    with somebody.shop.tx() as tx:
        assert {one.id: current(tx, one.id) for one in customers.search(tx).customers} == others
        assert all(find(tx, pair) is None for pair in [("email", MAIL), ("phone", PHONE), ("user", USER)])
        assert find(tx, ("anonymous", BROWSER)) is None


DERIVED = (
    "remember_identity (identity_id, customer_id, met_at)",
    "remember_tie",
    "remember_apart",
    "remember_refused",
    "remember_customer",
    "remember_fact",
    "remember_computed",
    "remember_consent",
    "remember_allowed",
    "remember_forgotten",
    "remember_pause",
    "remember_restriction",
    "remember_order_said",
    "remember_order",
    "remember_order_line",
    "remember_did",
    "understand_rollup",
    "understand_seen",
    "understand_member (segment_id, customer_id)",
    "decide_suppression",
    "measure_statement (response)",
)


def derived(shop):
    found = {}
    with shop.tx() as tx:
        for one in DERIVED:
            table, _, columns = one.partition(" ")
            what = columns or "(t.*)"
            found[table] = sorted(tx.connection.execute(f"select {what}::text from {table} t").fetchall())
    return found


@pytest.mark.parametrize("mode", ["erase", "anonymise"])
def test_what_follows_the_log_comes_to_the_same_when_it_is_replayed(somebody, mode):
    forget(somebody, mode)
    before = derived(somebody.shop)
    with somebody.shop.tx() as tx:
        for name in ("identity", "statements", "suppression"):
            followers.replay(tx, name)
    somebody.shop.work()
    with somebody.shop.tx() as tx:
        turn(tx, utc_now())
    after = derived(somebody.shop)
    for table, rows in before.items():
        assert after[table] == rows, table
    with somebody.shop.tx() as tx:
        assert not [one for one in store.list_quarantine(tx) if one.follower != "statements"]


class Interrupted:
    """An event that is set after it was asked some times: the process is told to stop."""

    def __init__(self, times):
        self.times = times

    def is_set(self):
        self.times -= 1
        return self.times < 0


@pytest.mark.parametrize("mode", ["erase", "anonymise"])
def test_one_that_was_broken_off_is_gone_on_with_and_done_once(somebody, found, mode):
    with somebody.shop.tx() as tx:
        asked = erasures.ask(tx, somebody.me, mode, utc_now())
    forgetting = forgetting_of(somebody.shop.house, STEPS)
    for times in (0, 1, 2, 4, 9, 15, 30):
        assert forgetting.carry_out_next(somebody.shop.workspace, Interrupted(times)).id == asked.id
        with somebody.shop.tx() as tx:
            assert erasures.get(tx, asked.id).state == "waiting"
            assert count_rollups(tx) == {"Order Completed": 3, "page": 3}
    forgetting.carry_out_next(somebody.shop.workspace)
    assert forgetting.carry_out_next(somebody.shop.workspace) is None
    assert found() == set()
    with somebody.shop.tx() as tx:
        assert count_rollups(tx) == {"Order Completed": 3, "page": 3}


def count_rollups(tx):
    """How often orders and pages were counted, of everybody and of nobody."""
    rows = tx.connection.execute(
        "select k.name, sum(r.count) from understand_rollup r join store_kind k on k.id = r.kind "
        "where k.name in ('Order Completed', 'page') group by 1"
    ).fetchall()
    return {name: int(count) for name, count in rows}


WORDS_OF_ENTRIES = "select label, before::text, after::text from access_audit order by at, chain, n"


@pytest.mark.parametrize("name", ["} {", '": "'])
def test_whoever_calls_themselves_by_signs_of_json_takes_nothing_of_others_along(somebody, name):
    shop = somebody.shop
    with shop.tx() as tx:
        stranger = intern(tx, [("anonymous", "customer")])["anonymous", "customer"]
        said = {"traits": {"name": name}, "links": [], "verified": False}
        append(tx, [NewEvent(stranger, utc_now(), "identify", msgspec.json.encode(said))])
    shop.work()

    def kept():
        with shop.tx() as tx:
            return [tx.connection.execute(one).fetchall() for one in ("table web_draft", WORDS_OF_ENTRIES)]

    drafts, entries = kept()
    with shop.tx() as tx:
        erasures.ask(tx, stranger, "erase", utc_now())
    forgetting_of(shop.house, STEPS).carry_out_next(shop.workspace)
    assert drafts
    assert kept()[0] == drafts
    assert kept()[1][: len(entries)] == entries
