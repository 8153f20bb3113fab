"""An invitation works once, for seven days, and gives its holder nothing that belongs to somebody else."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from regulars.access.invitations import LIVES, accept, cancel, invite, list_invitations, read_invitation, renew
from regulars.access.people import add_person, end_sessions
from regulars.access.sessions import begin_session, person_at
from regulars.access.team import list_members
from regulars.store.database import Database
from regulars.words.errors import Conflict, Invalid, LinkDead, Refused, RegularsError, Unknown

SECOND = timedelta(seconds=1)


@pytest.fixture
def owner(database: Database, workspace: str) -> int:
    return add_person(database, f"owner-{uuid4().hex[:8]}@x.example", "Harriet", workspace)


@pytest.fixture
def email() -> str:
    return f"new-{uuid4().hex[:8]}@x.example"


def roles(database: Database, workspace: str) -> dict[str, str]:
    with database.shared() as tx:
        return {one.email: one.role for one in list_members(tx, workspace)}


def test_somebody_new_joins_by_the_link_and_is_logged_in(
    database: Database, workspace: str, owner: int, email: str, now: datetime
) -> None:
    with database.shared() as tx:
        made, token = invite(tx, workspace, f" {email.upper()} ", "analyst", owner, now)
        asked = read_invitation(tx, token, now)
        assert (made.email, made.invited_by) == (email, "Harriet")
        assert (asked.title, asked.role, asked.known) == ("The Gift House", "analyst", False)
        joined, cookie = accept(tx, token, now, name="Priya")
    assert joined == workspace
    person = person_at(database, cookie or "", now)
    assert person is not None
    assert (person.name, person.roles) == ("Priya", {workspace: "analyst"})
    with database.shared() as tx:
        assert list_invitations(tx, workspace) == []
        with pytest.raises(LinkDead):
            accept(tx, token, now, name="Again")


def test_an_invitation_ends_after_seven_days_and_can_be_renewed(
    database: Database, workspace: str, owner: int, email: str, now: datetime
) -> None:
    late = now + LIVES + SECOND
    with database.shared() as tx:
        made, token = invite(tx, workspace, email, "agent", owner, now)
        for act in (lambda: read_invitation(tx, token, late), lambda: accept(tx, token, late, name="Late")):
            with pytest.raises(LinkDead, match="seven days"):
                act()
        _, fresh = renew(tx, workspace, made.id, owner, late)
        with pytest.raises(LinkDead):
            read_invitation(tx, token, late)
        assert read_invitation(tx, fresh, late + LIVES - SECOND).email == email


def test_an_invitation_that_was_taken_back_opens_nothing(
    database: Database, workspace: str, owner: int, email: str, now: datetime
) -> None:
    with database.shared() as tx:
        made, token = invite(tx, workspace, email, "agent", owner, now)
        cancel(tx, workspace, made.id)
        for act in (lambda: cancel(tx, workspace, made.id), lambda: renew(tx, workspace, made.id, owner, now)):
            with pytest.raises(Unknown, match="taken back"):
                act()
        with pytest.raises(LinkDead):
            accept(tx, token, now, name="New")


def test_who_is_invited_again_has_the_newer_link_only(
    database: Database, workspace: str, owner: int, email: str, now: datetime
) -> None:
    with database.shared() as tx:
        first, old = invite(tx, workspace, email, "agent", owner, now)
        second, token = invite(tx, workspace, email, "viewer", owner, now)
        assert first.id == second.id
        with pytest.raises(LinkDead):
            read_invitation(tx, old, now)
        assert read_invitation(tx, token, now).role == "viewer"


def test_no_link_opens_the_session_of_a_person_who_is_there_already(
    database: Database, workspace: str, owner: int, email: str, now: datetime
) -> None:
    """Whoever invites sees the link: with it they would be that person in every other workspace."""
    from regulars.access.workspaces import create_workspace, delete_workspace

    create_workspace(database, f"{workspace}_b", "Another")
    boss = add_person(database, email, "Boss", f"{workspace}_b")
    with database.shared() as tx:
        _, token = invite(tx, workspace, email, "agent", owner, now)
        assert read_invitation(tx, token, now).known
        cookie, wrong = begin_session(tx, boss, now), begin_session(tx, owner, now)
    for who in (None, person_at(database, wrong, now)):
        with pytest.raises(Refused, match="Log in as"), database.shared() as tx:
            accept(tx, token, now, who=who, name="Me")
    with database.shared() as tx:
        assert accept(tx, token, now, who=person_at(database, cookie, now)) == (workspace, None)
    person = person_at(database, cookie, now)
    assert person is not None
    assert person.roles == {workspace: "agent", f"{workspace}_b": "owner"}
    delete_workspace(database, f"{workspace}_b")


def test_of_many_who_accept_at_once_one_does(
    database: Database, workspace: str, owner: int, email: str, now: datetime
) -> None:
    with database.shared() as tx:
        _, token = invite(tx, workspace, email, "agent", owner, now)

    def join(number: int) -> bool:
        try:
            with database.shared() as tx:
                accept(tx, token, now, name=f"N{number}")
        except LinkDead:
            return False
        return True

    with ThreadPoolExecutor(6) as threads:
        assert sum(threads.map(join, range(6))) == 1


def test_who_belongs_to_the_team_is_not_invited(
    database: Database, workspace: str, owner: int, email: str, now: datetime
) -> None:
    with database.shared() as tx:
        invite(tx, workspace, email, "viewer", owner, now)
    add_person(database, email, "Added meanwhile", workspace, role="marketer")
    with database.shared() as tx:
        assert list_invitations(tx, workspace) == []
        with pytest.raises(Conflict, match="belongs to the team"):
            invite(tx, workspace, email, "viewer", owner, now)
    assert roles(database, workspace)[email] == "marketer"


@pytest.mark.parametrize("address", ["", "x", "@", "a@", "a b@x.example", "a@x,b@y", "<a@x>", "a" * 250 + "@x.example"])
def test_what_is_no_address_is_not_invited(
    database: Database, workspace: str, owner: int, now: datetime, address: str
) -> None:
    with database.shared() as tx, pytest.raises(Invalid, match="no e-mail address"):
        invite(tx, workspace, address, "viewer", owner, now)


def test_a_refused_name_leaves_the_invitation_as_it_was(
    database: Database, workspace: str, owner: int, email: str, now: datetime
) -> None:
    with database.shared() as tx:
        _, token = invite(tx, workspace, email, "agent", owner, now)
    with pytest.raises(RegularsError, match="1 to 80"), database.shared() as tx:
        accept(tx, token, now, name="")
    with database.shared() as tx:
        assert accept(tx, token, now, name="New")[1]


def test_a_link_of_before_a_restore_invites_nobody(
    database: Database, workspace: str, owner: int, email: str, now: datetime
) -> None:
    with database.shared() as tx:
        _, token = invite(tx, workspace, email, "owner", owner, now)
    end_sessions(database)
    with database.shared() as tx, pytest.raises(LinkDead):
        read_invitation(tx, token, now)


def test_the_link_itself_is_not_in_the_database(
    database: Database, workspace: str, owner: int, email: str, now: datetime
) -> None:
    with database.shared() as tx:
        _, token = invite(tx, workspace, email, "agent", owner, now)
    with database.direct() as connection:
        kept = connection.execute("select string_agg(t::text, ' ') from regulars.access_invitation t").fetchone()
    assert kept is not None
    assert email in kept[0]
    assert token not in kept[0]
