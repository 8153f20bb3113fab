"""Whom a rule finds while it is composed: counted where that is a moment, else concluded from some drawn by chance."""

from datetime import UTC, datetime

import pytest
from tests.understand.understand_shop import declare, know, meet

from regulars.remember import restriction_records
from regulars.remember.rows import RestrictionSaid
from regulars.understand import records, segments
from regulars.words.errors import Invalid

NOW = datetime(2026, 5, 3, 12, tzinfo=UTC)
KNOWN = {"fact": "gift_for", "known": True}


@pytest.fixture
def shop(database, workspace):
    with database.workspace(workspace) as tx:
        declare(tx, gift_for="text")
        for customer in range(3, 3003, 3):
            meet(tx, customer)
            if customer % 4 == 0:
                know(tx, customer, "gift_for", "mother")
    return lambda: database.workspace(workspace)


@pytest.fixture
def slow(monkeypatch):
    """Let asking everybody take long."""

    def sleep(tx, *_):
        tx.connection.execute("select pg_sleep(5)")

    monkeypatch.setattr(records, "try_matches", sleep)
    monkeypatch.setattr(segments, "_GLANCE", 0.05)


def test_where_it_is_a_moment_everybody_is_counted(shop):
    with shop() as tx:
        trial = segments.try_rule(tx, KNOWN, NOW, glance=True)
    assert (trial.size, trial.drawn, len(trial.sample)) == (250, 0, 20)


def test_else_it_is_concluded_from_those_who_are_drawn_and_said(shop, slow):
    with shop() as tx:
        trial = segments.try_rule(tx, KNOWN, NOW, glance=True)
        again = segments.try_rule(tx, KNOWN, NOW, glance=True)
    assert trial == again, "the same are drawn each time, so a figure does not jump while somebody looks"
    assert trial.drawn > 900
    assert 220 <= trial.size <= 280
    assert len(trial.sample) == 20
    assert all(one.customer_id % 12 == 0 and one.name for one in trial.sample)


def test_who_wants_to_know_exactly_waits_and_is_told_when_it_takes_too_long(shop, slow, monkeypatch):
    monkeypatch.setattr(segments, "_PATIENCE", 0.05)
    with shop() as tx, pytest.raises(Invalid, match="longer than"):
        segments.try_rule(tx, KNOWN, NOW)


def test_nobody_is_drawn_where_nobody_is_and_who_is_restricted_never(shop, slow, database, workspace):
    with shop() as tx:
        said = [RestrictionSaid(identity_id=3 * n, seq=n, at=NOW, restricted=True, proof={}) for n in range(1, 10)]
        restriction_records.keep(tx, said)
        assert not {one.identity_id for one in said} & set(records.drawn(tx, 5000))
        tx.connection.execute("delete from remember_identity")
        tx.connection.execute("delete from remember_customer")
        assert segments.try_rule(tx, KNOWN, NOW, glance=True).size == 0
