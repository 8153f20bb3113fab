"""Sent, repeated, imported, merged, split, restricted, erased, made anonymous and imported again, in any order.

Nothing is lost, doubled or left behind: the house comes to what a plain history folds, and to the same when it derives
all of it anew; whoever was forgotten is found in no table, and the same file, or call, does not bring them back.
"""

import os
from collections import Counter

import msgspec
import pytest
from hypothesis import HealthCheck, example, given, note, settings
from hypothesis import strategies as st
from tests.loop.plain_history import ORDER, REFUND
from tests.loop.told_house import ACTIVE, BROWSERS, FILES, MAILS, PEOPLE, USERS, VISITED, ToldHouse
from tests.web.forgettable import places

from regulars.access.workspaces import create_workspace, delete_workspace
from regulars.remember.consents import standing
from regulars.store import gone
from regulars.store.records import Event

DEEP = os.environ.get("HYPOTHESIS_PROFILE") == "fuzz"
KINDS = ["page", "identify", VISITED, ORDER, REFUND, "consent.changed", "restriction.changed", "fact.forgotten"]


@pytest.fixture(scope="module")
def house(database, tmp_path_factory):
    create_workspace(database, "any_history", "Any history")
    house = ToldHouse(database, "any_history", tmp_path_factory.mktemp("files"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gone, "MARKED_AT_ONCE", 2)  # whoever goes has more events than one piece
        yield house
    house.door.close()
    delete_workspace(database, "any_history")


DAY = st.integers(0, 6)
PICK = st.integers(0, 11)


def one(of):
    return st.sampled_from(of)


DEEDS = st.one_of(
    st.tuples(st.just("look"), one(ACTIVE), DAY),
    st.tuples(st.just("login"), one([*USERS, *ACTIVE]), one([None, *BROWSERS]), one([None, *MAILS]), DAY),
    st.tuples(st.just("order"), one(ACTIVE), one(["B-1", "B-2"]), st.integers(1, 40), DAY),
    st.tuples(st.just("refund"), one(ACTIVE), one(["B-1", "B-2"]), st.integers(1, 20), one(["r1", "r2"]), DAY),
    st.tuples(st.just("again"), PICK),
    st.tuples(st.just("again"), PICK),
    st.tuples(st.just("bring"), one([*FILES])),
    st.tuples(st.just("bring"), one([*FILES])),
    st.tuples(st.just("split"), PICK),
    st.tuples(st.just("join"), one(PEOPLE), one(PEOPLE)),
    st.tuples(st.just("apart"), one(PEOPLE), one(PEOPLE)),
    st.tuples(st.just("consent"), one(PEOPLE), st.booleans(), DAY),
    st.tuples(st.just("withdraw"), one(PEOPLE)),
    st.tuples(st.just("restrict"), one(PEOPLE), st.booleans()),
    st.tuples(st.just("forget"), PICK, one(["erase", "anonymise"])),
    st.tuples(st.just("forget"), PICK, one(["erase", "anonymise"])),
    st.just(("settle",)),
    st.just(("settle",)),
)


PARTED = [
    ("login", BROWSERS[0], None, None, 0),
    ("login", USERS[0], BROWSERS[0], None, 1),
    ("settle",),
    ("withdraw", USERS[0]),
    ("split", 0),
    ("settle",),
]
"""Two who were one customer when it was withdrawn, and are not any more: who stays said it, too."""


def do(house, deed):  # noqa: C901, PLR0912 (one case a deed)
    number = len(house.sent)
    word = f"zarkanna word {number}x"
    match deed:
        case "look", who, on:
            house.send(who, "page", {"url": word}, on, mark=word)
        case "login", who, browser, mail, on:
            browser = None if who in BROWSERS else browser
            traits = {"size": number, "note": word} | ({"email": mail[1]} if mail else {})
            house.send(who, "identify", traits, on, [pair for pair in (browser, mail) if pair], word)
        case "order", who, order, total, on:
            props = {"order_id": order, "total": total + 0.25, "currency": "EUR", "note": word}
            house.send(who, ORDER, props, on, mark=word)
        case "refund", who, order, total, refund, on:
            props = {"order_id": order, "total": total + 0.5, "currency": "EUR", "refund_id": refund, "note": word}
            house.send(who, REFUND, props, on, mark=word)
        case "again", choice:
            if house.sent:
                house.send_again(choice % len(house.sent))
        case "bring", what:
            house.bring(what)
        case "split", choice:
            house.split(choice)
        case ("join" | "apart") as what, one, other:
            if one != other:
                house.decide(what, one, other)
        case "consent", who, granted, on:
            house.consent(who, granted, on)
        case "withdraw", who:
            house.withdraw(who)
        case "restrict", who, restricted:
            house.restrict(who, restricted)
        case "forget", choice, mode:
            house.forget(choice, mode)
        case _:
            house.settle()
            check(house)


def check(house):
    """Compare all that the house knows with the plain history."""
    plain, whose = house.plain, house.whose()
    assert logged(house) == plain.log()
    assert archived(house) == {
        row[0]: row[1:] for row in house.rows("select seq, identity_id, at, props from store_event")
    }
    counted = house.rows(
        "select k.name, sum(r.count)::int, sum(r.total)::float from understand_rollup r "
        "join store_kind k on k.id = r.kind where k.name = any(%s) group by 1",
        [ORDER, REFUND, "page", VISITED],
    )
    expected = plain.counts()
    assert {name: (count, total) for name, count, total in counted} == {
        name: expected[name] for name in (ORDER, REFUND, "page", VISITED) if name in expected
    }
    check_customers(house, whose)
    now = house.rows("select customer_id, name, words from remember_current where source <> 'did'")
    assert {(customer, name): words for customer, name, words in now} == plain.facts(whose)
    with house.tx() as tx:
        allowed = standing(tx, set(whose.values()), "marketing", "email")
    assert {customer: one.granted for customer, one in allowed.items()} == plain.consents(whose)
    assert {row[0] for row in house.rows("select customer_id from remember_restricted")} == plain.restricted(whose)
    orders = house.rows(
        "select o.id, h.kind, h.value, o.state, o.total, o.refunded from remember_order o "
        "left join hear_identity h on h.id = o.identity_id"
    )
    assert {order: ((kind, value), *rest) for order, kind, value, *rest in orders} == plain.orders(whose)
    did = house.rows(
        "select customer_id, name, words from remember_current where name in ('pages_seen', 'orders', 'spent_eur')"
    )
    assert {(customer, name): words for customer, name, words in did} == plain.computed(whose)
    assert {row[0] for row in house.rows("select customer_id from understand_member")} == plain.buyers(whose)


def logged(house):
    """What the log holds of what was told."""
    rows = house.rows(
        "select h.kind, h.value, k.name, e.at, (e.props ->> 'total')::float, coalesce(e.cut, false), e.identity_id "
        "from store_event e join store_kind k on k.id = e.kind left join hear_identity h on h.id = e.identity_id "
        "where k.name = any(%s)",
        KINDS,
    )
    return Counter(((row[0], row[1]) if row[6] else None, *row[2:6]) for row in rows)


def archived(house):
    """What the files of the archive hold of each event."""
    lines = [line for file in house.archive.glob("*/*.ndjson") for line in file.read_bytes().splitlines()]
    events = [msgspec.json.decode(line, type=Event) for line in lines]
    return {one.seq: (one.identity_id, one.at, one.props) for one in events}


def check_customers(house, whose):
    """Each identity has one customer, and what holds them together is what was said."""
    living = {said.who for said in house.plain.said if said.who}
    assert living <= whose.keys()
    assert {row[0] for row in house.rows("select id from remember_customer")} == set(whose.values())
    ties = house.rows("select one, other, seq from remember_tie where undone is null")
    assert len(ties) == len(whose) - len(set(whose.values()))
    numbers = {number: (kind, value) for number, kind, value in house.rows("select id, kind, value from hear_identity")}
    assert all(whose[numbers[one]] == whose[numbers[other]] for one, other, _ in ties)
    if house.cuts:
        return
    links = {frozenset((said.who, pair)) for said in house.plain.said for pair in said.links}
    assert {frozenset((numbers[one], numbers[other])) for one, other, _ in ties} <= links
    refused = {
        frozenset((numbers[one], numbers[other]))
        for one, other in house.rows("select one, other from remember_refused")
    }
    for one, other in map(tuple, links):
        if one in whose and other in whose and one in numbers.values() and other in numbers.values():
            assert whose[one] == whose[other] or frozenset((one, other)) in refused


def check_forgotten(house):
    """Nothing of whoever was forgotten stands anywhere."""
    absent = {value for _, value in PEOPLE} - {value for _, value in house.plain.mentioned()}
    marks = tuple(house.plain.gone - {""} | absent)
    assert not marks or places(house.database, house.workspace, [], marks) == set()


@settings(
    max_examples=settings().max_examples if DEEP else 12,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(deeds=st.lists(DEEDS, min_size=4, max_size=26))
@example([*PARTED, ("forget", 0, "erase")])
@example([*PARTED, ("forget", 1, "erase")])
@example([*PARTED, ("forget", 0, "anonymise"), ("forget", 1, "erase")])
def test_nothing_is_lost_doubled_or_left_behind(house, deeds):
    note(f"{deeds}")
    house.begin_anew()
    for deed in deeds:
        do(house, deed)
    house.settle()
    check(house)
    check_forgotten(house)
    before = house.whose()
    house.replay()
    assert house.whose() == before
    check(house)
    check_forgotten(house)
