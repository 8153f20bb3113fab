"""A session is a browser: it can be recognised, ended, and ends by itself."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from regulars.access.people import add_person
from regulars.access.sessions import (
    AT_MOST,
    UNUSED,
    begin_session,
    close_others,
    close_own,
    list_sessions,
    person_at,
    rename_person,
)
from regulars.access.team import list_members
from regulars.store.database import Database
from regulars.words.errors import Invalid, Unknown

SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)


@pytest.fixture
def harriet(database: Database, workspace: str) -> int:
    return add_person(database, f"harriet-{uuid4().hex[:8]}@x.example", "Harriet", workspace)


def begin(database: Database, person: int, now: datetime, agent: str = "") -> str:
    with database.shared() as tx:
        return begin_session(tx, person, now, agent)


def test_a_session_that_is_not_used_ends_after_fourteen_days(database: Database, harriet: int, now: datetime) -> None:
    cookie = begin(database, harriet, now)
    assert person_at(database, cookie, now + UNUSED + SECOND) is None


def test_every_visit_puts_off_its_end_but_not_for_ever(database: Database, harriet: int, now: datetime) -> None:
    cookie = begin(database, harriet, now)
    visits = range(13, AT_MOST.days, 13)
    assert all(person_at(database, cookie, now + day * DAY) for day in visits)
    assert person_at(database, cookie, now + AT_MOST - SECOND)
    assert person_at(database, cookie, now + AT_MOST + SECOND) is None


def test_a_visit_is_noted_once_a_minute(database: Database, harriet: int, workspace: str, now: datetime) -> None:
    cookie = begin(database, harriet, now)
    for seconds in (0, 30, 70, 100):
        assert person_at(database, cookie, now + seconds * SECOND, workspace)
    with database.shared() as tx:
        (session,) = list_sessions(tx, harriet, cookie, now)
        (member,) = list_members(tx, workspace)
    assert session.seen_at == now + 70 * SECOND
    assert member.seen_at == now + 70 * SECOND


def test_who_is_seen_in_one_workspace_is_not_seen_in_another(
    database: Database, harriet: int, workspace: str, now: datetime
) -> None:
    cookie = begin(database, harriet, now)
    assert person_at(database, cookie, now + DAY)
    with database.shared() as tx:
        assert list_members(tx, workspace)[0].seen_at is None


def test_a_person_sees_their_sessions_with_this_one_first(database: Database, harriet: int, now: datetime) -> None:
    here = begin(database, harriet, now, "Here" + "x" * 1000)
    begin(database, harriet, now + DAY, "There\0")
    with database.shared() as tx:
        first, second = list_sessions(tx, harriet, here, now)
    assert (first.here, second.here) == (True, False)
    assert (len(first.agent), second.agent) == (400, "There")


def test_only_ones_own_sessions_can_be_ended(database: Database, harriet: int, workspace: str, now: datetime) -> None:
    other = add_person(database, f"other-{uuid4().hex[:8]}@x.example", "Other", workspace)
    cookies = [begin(database, harriet, now) for _ in range(3)]
    theirs = begin(database, other, now)
    with database.shared() as tx:
        their_id = list_sessions(tx, other, theirs, now)[0].id
        with pytest.raises(Unknown, match="over already"):
            close_own(tx, harriet, their_id)
        second = next(one.id for one in list_sessions(tx, harriet, cookies[1], now) if one.here)
        close_own(tx, harriet, second)
    assert [bool(person_at(database, cookie, now)) for cookie in cookies] == [True, False, True]
    with database.shared() as tx:
        assert close_others(tx, harriet, cookies[0]) == 1
    assert [bool(person_at(database, cookie, now)) for cookie in [*cookies, theirs]] == [True, False, False, True]


@pytest.mark.parametrize("name", ["प्रिया क्ष\u200dत्रिय", "Žanis O'Brien-Ābele", "王小明", "محمد"])
def test_a_name_may_be_of_any_script(
    database: Database, harriet: int, workspace: str, now: datetime, name: str
) -> None:
    with database.shared() as tx:
        rename_person(tx, harriet, f"  {name} ")
        assert list_members(tx, workspace)[0].name == name


@pytest.mark.parametrize("name", ["", " \n ", "\u200d", "x" * 81, "a\x00b", "a\u202eb"])
def test_what_cannot_be_read_is_no_name(database: Database, harriet: int, name: str) -> None:
    with database.shared() as tx, pytest.raises(Invalid, match="1 to 80 letters"):
        rename_person(tx, harriet, name)
