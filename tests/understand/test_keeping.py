"""What a rule asks of events is kept for ever: whoever lost it would enter a segment and be written to."""

from datetime import UTC, datetime

import pytest

from regulars.hear.identities import intern
from regulars.store.log import NewEvent, append
from regulars.understand import keeping
from regulars.understand.editing import delete_segment, save_segment, take_back
from regulars.understand.segments import create_segment, try_rule
from regulars.words.errors import Invalid

NOW = datetime(2026, 5, 1, tzinfo=UTC)
WHERE = [{"property": "category", "is": "tea"}]
ASKING = [
    ({"event": "Viewed", "where": WHERE, "count": {"at_most": 0}}, "where"),
    ({"none": [{"event": "Viewed", "where": [{"property": "category", "known": False}]}]}, "none[0].where"),
    ({"event": "Viewed", "sum": {"of": "price", "at_least": 1}}, "sum"),
    ({"event": "Viewed", "last": {"of": "category", "known": False}}, "last"),
    ({"sequence": [{"event": "page"}, {"event": "Viewed", "where": WHERE}]}, "sequence[1].where"),
    ({"sequence": [{"event": "page"}], "never_since": {"event": "Viewed", "where": WHERE}}, "never_since.where"),
]
COUNTED = {"sequence": [{"event": "page"}, {"event": "Viewed"}]}
COUNTING = {"all": [{"event": "Viewed", "sum": {"at_least": 1}}, COUNTED]}


@pytest.fixture
def log(database, workspace):
    with database.workspace(workspace) as tx:
        yield told(tx)


def told(tx):
    who = intern(tx, [("user", "u-1")])["user", "u-1"]
    append(tx, [NewEvent(who, NOW, kind, b"{}") for kind in ("page", "Viewed")])
    return tx


@pytest.mark.parametrize(("rule", "place"), ASKING)
def test_events_of_which_a_segment_asks_what_they_said_are_kept_for_ever(log, rule, place):
    create_segment(log, "tea", "Tea", rule, NOW)
    for refuse in (keeping.check, keeping.keep):
        with pytest.raises(Invalid, match="'tea' asks what events 'Viewed' said") as refused:
            refuse(log, {"Viewed": 365})
        assert refused.value.field == "kinds"
    assert keeping.keep(log, {"page": 365, "Viewed": None}) == {"page": 365}


@pytest.mark.parametrize(("rule", "place"), ASKING)
def test_a_rule_that_asks_what_passing_events_said_is_refused_with_its_place(log, rule, place):
    create_segment(log, "counts", "Counts", COUNTING, NOW)
    keeping.keep(log, {"Viewed": 365})
    for refuse in (
        lambda: create_segment(log, "tea", "Tea", rule, NOW),
        lambda: save_segment(log, "counts", "Counts", rule, NOW),
        lambda: try_rule(log, rule, NOW),
    ):
        with pytest.raises(Invalid, match="keep what they say for 365 days") as refused:
            refuse()
        assert str(refused.value).startswith(f"{place}: ")
    save_segment(log, "counts", "Counts still", COUNTING, NOW)


@pytest.mark.parametrize(("days", "needed"), [({"within_days": 60}, 61), ({"between_days": [20, 60]}, 62)])
@pytest.mark.parametrize("asks", [{"event": "Viewed", "where": WHERE, "count": {"at_most": 0}}, ASKING[5][0]])
def test_events_are_kept_as_long_as_a_segment_asks_what_they_said(log, asks, days, needed):
    rule = asks | days
    keeping.keep(log, {"Viewed": needed - 1})
    with pytest.raises(Invalid, match=f"keep what they say for {needed - 1} days"):
        create_segment(log, "tea", "Tea", rule, NOW)
    keeping.keep(log, {"Viewed": needed})
    create_segment(log, "tea", "Tea", rule, NOW)
    create_segment(log, "lately", "Lately", asks | {"within_days": 10}, NOW)
    with pytest.raises(Invalid, match=f"'tea' asks what events 'Viewed' said in the last days: keep them for {needed}"):
        keeping.keep(log, {"Viewed": needed - 1})
    assert keeping.keep(log, {"Viewed": needed + 30}) == {"Viewed": needed + 30}


def test_nor_is_one_taken_back_that_asked_it(log):
    create_segment(log, "tea", "Tea", ASKING[0][0], NOW)
    number = delete_segment(log, "tea", NOW)
    keeping.keep(log, {"Viewed": 365})
    with pytest.raises(Invalid, match="keep what they say"):
        take_back(log, number, NOW)


def test_an_event_that_lost_what_it_said_is_not_asked_what_it_said(log):
    silent = [{"property": "category", "known": False}]
    rules = [
        {"event": "Viewed", "where": silent},
        {"sequence": [{"event": "page"}, {"event": "Viewed", "where": silent}]},
    ]
    who = log.value(b"select max(identity_id) from store_event")
    log.connection.execute(
        "insert into remember_identity (identity_id, customer_id, seq, met_at) values (%s, %s, 1, now())", [who, who]
    )
    assert [try_rule(log, rule, NOW).size for rule in rules] == [1, 1]
    log.connection.execute("update store_event set cut = true")
    assert [try_rule(log, rule, NOW).size for rule in rules] == [0, 0]
    assert try_rule(log, COUNTED, NOW).size == 1
