"""What runs on schedule: a round that fails is told of and holds nobody up; held again, it is told of no more."""

from datetime import UTC, datetime, timedelta

import pytest

from regulars.cli import findings
from regulars.loop.rounds import Round, hold_due
from regulars.measure import standing
from regulars.words.errors import Unavailable

HOUR = timedelta(hours=1)


class Breaking:
    """A round that breaks as long as it is said to."""

    def __init__(self):
        self.broken: Exception | None = KeyError("somebody@shop.example")

    def __call__(self, *_):
        if self.broken:
            raise self.broken


@pytest.fixture
def breaking():
    return Breaking()


@pytest.fixture
def held(database, workspace, breaking):
    def hold(at):
        return hold_due(database, workspace, at, [Round("odd", timedelta(minutes=1), breaking)])

    return hold


def failing(database, workspace, at):
    with database.workspace(workspace) as tx:
        return [one for one in standing.findings(tx, at) if one.name == "rounds.failing"]


def test_a_round_that_fails_is_told_of_until_it_is_held(database, workspace, held, breaking):
    at = datetime.now(UTC)
    assert "odd" in held(at)
    (one,) = failing(database, workspace, at)
    assert (one.about, one.severity, one.since, one.detail) == ("odd", "look", at, {"error": "KeyError"})
    assert "odd" in held(at + 2 * HOUR)
    (one,) = failing(database, workspace, at + 2 * HOUR)
    assert (one.severity, one.since) == ("act", at)
    said = [one.said for one in findings.of_log(database, workspace, at + 2 * HOUR) if one.check == "rounds"]
    assert said == [f"'odd', which runs on schedule, fails since {at:%Y-%m-%d %H:%M:%S} UTC: KeyError."]
    breaking.broken = None
    assert "odd" in held(at + 3 * HOUR)
    assert failing(database, workspace, at + 3 * HOUR) == []


def test_a_database_that_is_away_is_no_fault_of_a_round(database, workspace, held, breaking):
    breaking.broken = Unavailable("Try again.")
    at = datetime.now(UTC)
    with pytest.raises(Unavailable):
        held(at)
    assert failing(database, workspace, at) == []


def test_a_round_that_is_there_no_more_is_not_told_of(database, workspace, held):
    at = datetime.now(UTC)
    held(at)
    assert failing(database, workspace, at + 25 * HOUR) == []
