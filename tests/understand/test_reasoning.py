"""Who enters a segment or leaves it is told why: by what arrived, or days that went by; nobody's words are kept."""

from datetime import timedelta
from gettext import NullTranslations

import msgspec
import pytest
from tests.understand.understand_shop import House, allow, declare, happened, know, meet

from regulars.remember import restriction_records
from regulars.remember.rows import RestrictionSaid
from regulars.store import records as store
from regulars.understand import reasoning, turning
from regulars.understand.reason_phrases import Telling, reasons_in_words
from regulars.understand.segments import create_segment, members
from regulars.understand.sentences import Called

THIRD = {"event": "Order Completed", "count": {"at_least": 3}, "within_days": 90}
MOTHER = {"fact": "gift_for", "is": "mother"}
QUIET = {"none": [{"event": "page", "within_days": 30}]}


@pytest.fixture
def house(database, workspace):
    house = House(database, workspace)
    with database.workspace(workspace) as tx:
        declare(tx, gift_for="text", budget="number")
        for identity in range(1, 4):
            meet(tx, identity)
    return house


def tx_of(house):
    return house.database.workspace(house.workspace)


def make(house, name, rule, now):
    with tx_of(house) as tx:
        create_segment(tx, name, name.title(), rule, now)


def do(house, customer, kind, at, props=None, *, now=None):
    with tx_of(house) as tx:
        seq = happened(tx, customer, kind, at, props)
    house.follow(now or at)
    return seq


def say(house, customer, value, now, *, name="gift_for"):
    with tx_of(house) as tx:
        seq = happened(tx, customer, "form.answered", now)
        know(tx, customer, name, value, seq=seq, at=now)
    house.follow(now)
    return seq


def turn(house, now):
    with tx_of(house) as tx:
        turning.turn(tx, now)
    house.follow(now)


def told(house):
    """All that was told of who came and went, the first first: what, the segment, and why."""
    with tx_of(house) as tx:
        events = [e for e in store.list_events(tx, kind=None, before=None, limit=100) if "segment" in e.props]
    return [(e.kind.removeprefix("segment."), e.props["segment"], e.props.get("why")) for e in reversed(events)]


def in_words(house, called=Called(), customers=(1, 2, 3)):  # noqa: B008 (it is frozen)
    """The newest reasons, in English."""
    why = told(house)[-1][2]
    with tx_of(house) as tx:
        said = reasoning.said_at(tx, [(customer, why) for customer in customers])
    return reasons_in_words(Telling(NullTranslations(), lambda day: f"{day:%-d %B %Y}", called, said), why)


def test_an_event_names_itself_its_day_and_its_number(house, now):
    make(house, "regular", THIRD, now)
    for days in (40, 20):
        do(house, 1, "Order Completed", now - timedelta(days=days), now=now)
    seq = do(house, 1, "Order Completed", now)
    reason = {"condition": THIRD, "holds": True, "seq": seq, "day": "2026-05-03", "number": 3}
    assert told(house) == [("entered", "regular", [reason])]
    assert in_words(house) == ["“Order Completed” on 3 May 2026 was number 3 in the last 90 days"]


def test_days_that_went_by_without_it_are_named(house, now):
    make(house, "quiet", QUIET, now)
    do(house, 1, "page", now)
    left = {"condition": {"event": "page", "count": {"at_least": 1}, "within_days": 30}, "holds": True}
    assert told(house) == [("left", "quiet", [{**left, "seq": 1, "day": "2026-05-03", "number": 1}])]
    turn(house, now + timedelta(days=30))
    assert told(house)[1:] == [("entered", "quiet", [{**left, "holds": False, "passed": 30, "number": 0}])]
    assert in_words(house) == ["30 days passed without “page”"]


def test_of_several_windows_only_the_one_that_turned_is_named(house, now):
    windows = [{"event": "page", "within_days": 30}, {"event": "Order Completed", "within_days": 3}]
    make(house, "both", {"all": windows}, now)
    do(house, 1, "page", now)
    do(house, 1, "Order Completed", now)
    turn(house, now + timedelta(days=3))
    ((kind, _, [why]),) = told(house)[1:]
    assert (kind, why["condition"]["event"], why["passed"]) == ("left", "Order Completed", 3)


def test_what_was_told_names_the_fact_and_where_it_was_said_and_not_the_words(house, now):
    make(house, "mothers", {"any": [MOTHER, THIRD]}, now)
    seq = say(house, 2, "mother", now)
    reason = {"condition": {"fact": "gift_for"}, "holds": True, "source": "said", "seq": seq}
    assert told(house) == [("entered", "mothers", [reason])]
    with tx_of(house) as tx:
        (entered,) = store.list_events(tx, kind="segment.entered", before=None, limit=9)
        assert "mother" not in msgspec.json.encode(entered.props["why"]).decode()
        assert [(one.customer_id, one.why) for one in members(tx, "mothers")] == [(2, [reason])]
    assert in_words(house) == ["gift_for: mother (as they told us)"]
    assert in_words(house, Called(hidden={"gift_for"})) == []
    with tx_of(house) as tx:
        tx.connection.execute(
            "insert into remember_forgotten (identity_id, name, seq, at) values (2, 'gift_for', %s, %s)",
            (seq + 1, now + timedelta(minutes=1)),
        )
    assert in_words(house) == ["gift_for (as they told us)"]


def test_a_purchase_stage_is_told_as_its_fact_is_and_names_no_category(house, now):
    with tx_of(house) as tx:
        declare(tx, stage_evaluation="list")
    make(house, "tea", {"any": [{"stage": "evaluation", "category": "Tea"}, THIRD]}, now)
    seq = say(house, 2, ["Tea"], now, name="stage_evaluation")
    reason = {"condition": {"fact": "stage_evaluation"}, "holds": True, "source": "said", "seq": seq}
    assert told(house) == [("entered", "tea", [reason])]
    names = {"stage_evaluation": "Purchase stage: evaluation"}
    (words,) = in_words(house, Called(names))
    assert words.startswith("Purchase stage: evaluation")
    assert in_words(house, Called(names, hidden={"stage_evaluation"})) == []


def test_what_an_event_named_is_not_kept_as_a_reason(house, now):
    where = [{"property": "coupon", "is": "SECRET"}]
    make(house, "coupons", {"event": "Order Completed", "where": where}, now)
    do(house, 1, "Order Completed", now, {"coupon": "SECRET"})
    ((_, _, why),) = told(house)
    assert why[0]["condition"] == {"event": "Order Completed", "where": ["coupon"], "count": {"at_least": 1}}
    assert "SECRET" not in str(why)
    assert in_words(house) == ["“Order Completed” on 3 May 2026"]


def test_only_what_arrived_is_named_of_what_holds(house, now):
    make(house, "both", {"all": [MOTHER, {"event": "page"}]}, now)
    say(house, 1, "mother", now)
    do(house, 1, "page", now)
    assert in_words(house) == ["“page” on 3 May 2026 was number 1"]
    say(house, 1, "friend", now)
    assert [one[0] for one in told(house)] == ["entered", "left"]
    assert in_words(house) == ["gift_for: friend (as they told us)"]


def test_a_count_that_was_reached_before_is_not_named(house, now):
    pages = {"event": "page", "count": {"at_least": 1}}
    make(house, "both", {"all": [pages, {"event": "page", "count": {"at_least": 3}}]}, now)
    for _ in range(3):
        do(house, 1, "page", now)
    ((_, _, why),) = told(house)
    assert [one["condition"]["count"] for one in why] == [{"at_least": 3}]


def test_who_is_kept_and_not_used_leaves_for_that(house, now):
    make(house, "visitors", {"event": "page"}, now)
    do(house, 1, "page", now)
    with tx_of(house) as tx:
        seq = happened(tx, 1, "restriction.changed", now, {"restricted": True})
        restriction_records.keep(tx, [RestrictionSaid(1, seq, now, True, {})])
    house.follow(now)
    assert told(house)[-1] == ("left", "visitors", [{"by": "restriction.changed"}])


def test_who_moves_when_everybody_is_asked_again_is_told_so(house, now):
    make(house, "agreed", {"consent": "marketing/email", "is": "granted"}, now)
    with tx_of(house) as tx:
        allow(tx, 1, "marketing", "email", granted=True)
        turning.ask_again(tx)
    turn(house, now)
    assert told(house) == [("entered", "agreed", [{"by": "again"}])]
    assert in_words(house) == ["everything was counted again"]


def test_what_cannot_be_read_is_not_told(house):
    telling = Telling(NullTranslations(), str, Called(), {})
    assert reasons_in_words(telling, [{"by": "x"}, {"condition": 3}, "y", {}, None]) == []
    assert reasons_in_words(telling, {"by": "again"}) == []
