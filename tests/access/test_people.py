"""The team logs in by a link that works once and not for long."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from regulars.access.people import (
    LINK_LIVES,
    add_person,
    check_login_link,
    make_login_link,
    open_session,
)
from regulars.access.sessions import close_session, person_at
from regulars.store.database import Database
from regulars.words.errors import LinkDead, Unknown

SECOND = timedelta(seconds=1)


@pytest.fixture
def email(database: Database, workspace: str) -> str:
    address = f"harriet-{uuid4().hex[:8]}@gifthouse.example"
    add_person(database, f" {address.upper()} ", "Harriet", workspace)
    return address


def test_a_log_in_link_opens_one_session_and_is_burnt(
    database: Database, workspace: str, email: str, now: datetime
) -> None:
    token = make_login_link(database, email, now)
    person = person_at(database, open_session(database, token, now), now)
    assert person is not None
    assert (person.email, person.name, list(person.workspaces)) == (email, "Harriet", [workspace])
    with pytest.raises(LinkDead, match="used already"):
        open_session(database, token, now)


def test_looking_at_a_log_in_link_does_not_use_it(database: Database, email: str, now: datetime) -> None:
    token = make_login_link(database, email, now)
    check_login_link(database, token, now)
    check_login_link(database, token, now)
    assert open_session(database, token, now)
    with pytest.raises(LinkDead):
        check_login_link(database, token, now)


def test_a_log_in_link_ends_after_fifteen_minutes(database: Database, email: str, now: datetime) -> None:
    token = make_login_link(database, email, now)
    with pytest.raises(LinkDead):
        open_session(database, token, now + LINK_LIVES + SECOND)


def test_a_made_up_token_or_cookie_opens_nothing(database: Database, now: datetime) -> None:
    with pytest.raises(LinkDead):
        open_session(database, "made-up", now)
    assert person_at(database, "made-up", now) is None
    assert person_at(database, "", now) is None


def test_a_session_ends_by_logging_out(database: Database, email: str, now: datetime) -> None:
    cookie = open_session(database, make_login_link(database, email, now), now)
    assert person_at(database, cookie, now)
    close_session(database, cookie)
    assert person_at(database, cookie, now) is None


def test_only_the_team_gets_a_link(database: Database, now: datetime) -> None:
    with pytest.raises(Unknown, match="Nobody of the team"):
        make_login_link(database, "stranger@example.com", now)
