"""Who belongs to a team, and that it never loses its last owner, whatever happens at once."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regulars.access.invitations import invite, list_invitations
from regulars.access.people import add_person
from regulars.access.rights import ROLES
from regulars.access.sessions import begin_session, person_at
from regulars.access.team import change_role, get_member, list_members, member_called, remove_member
from regulars.store.database import Database
from regulars.words.errors import Conflict, Invalid, Unknown

ROLE = st.sampled_from(list(ROLES))
CHANGE = st.tuples(st.integers(0, 3), st.none() | ROLE)


def people(database: Database, workspace: str, roles: list[str]) -> list[int]:
    stem = uuid4().hex[:10]
    added = [add_person(database, f"{n}-{stem}@x.example", f"P{n}", workspace) for n in range(len(roles))]
    with database.shared() as tx:
        for person, role in zip(added, roles, strict=True):
            with suppress(Conflict):
                change_role(tx, workspace, person, role)
    return added


def owners(database: Database, workspace: str) -> int:
    with database.shared() as tx:
        return sum(one.role == "owner" for one in list_members(tx, workspace))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(roles=st.lists(ROLE, min_size=4, max_size=4), changes=st.lists(CHANGE, min_size=1, max_size=10))
def test_a_team_never_loses_its_last_owner_however_much_happens_at_once(
    database: Database, workspace: str, roles: list[str], changes: list[tuple[int, str | None]]
) -> None:
    team = people(database, workspace, roles)

    def change(one: tuple[int, str | None]) -> None:
        which, role = one
        with suppress(Conflict, Unknown), database.shared() as tx:
            if role is None:
                remove_member(tx, workspace, team[which])
            else:
                change_role(tx, workspace, team[which], role)

    assert owners(database, workspace) >= 1
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(change, changes))
    assert owners(database, workspace) >= 1


def test_two_last_owners_cannot_step_down_at_once(database: Database, workspace: str) -> None:
    first, second = people(database, workspace, ["owner", "owner"])
    with database.shared() as tx:
        change_role(tx, workspace, first, "viewer")

    def other() -> None:
        with database.shared() as tx:
            remove_member(tx, workspace, second)

    with pytest.raises(Conflict, match="last one"):
        other()


def test_the_last_owner_is_not_lost_by_being_added_again(database: Database, workspace: str) -> None:
    add_person(database, "only@x.example", "Only", workspace)
    with pytest.raises(Conflict, match="last one"):
        add_person(database, "only@x.example", "Only", workspace, role="viewer")
    assert owners(database, workspace) == 1


def test_who_is_removed_loses_the_workspace_at_once_and_keeps_the_others(
    database: Database, workspace: str, now: datetime
) -> None:
    from regulars.access.workspaces import create_workspace, delete_workspace

    create_workspace(database, f"{workspace}_b", "Another")
    _, second = people(database, workspace, ["owner", "marketer"])
    email = f"both-{uuid4().hex[:8]}@x.example"
    both = add_person(database, email, "Both", workspace)
    assert add_person(database, email, "", f"{workspace}_b", role="agent") == both
    with database.shared() as tx:
        cookie = begin_session(tx, both, now)
        remove_member(tx, workspace, both)
        with pytest.raises(Unknown):
            remove_member(tx, workspace, both)
        with pytest.raises(Unknown):
            change_role(tx, workspace, both, "owner")
        assert get_member(tx, workspace, second).role == "marketer"
    person = person_at(database, cookie, now, workspace)
    assert person is not None
    assert person.roles == {f"{workspace}_b": "agent"}
    delete_workspace(database, f"{workspace}_b")


def test_the_invitations_of_who_may_no_longer_invite_end(database: Database, workspace: str, now: datetime) -> None:
    people(database, workspace, ["owner"])
    for number, leave in enumerate((lambda tx, one: remove_member(tx, workspace, one), _step_down(workspace))):
        (second,) = people(database, workspace, ["owner"])
        with database.shared() as tx:
            invite(tx, workspace, f"new-{number}@x.example", "owner", second, now)
            leave(tx, second)
            assert list_invitations(tx, workspace) == []


def _step_down(workspace: str):
    return lambda tx, one: change_role(tx, workspace, one, "marketer")


def test_roles_and_people_that_there_are_not_are_refused(database: Database, workspace: str) -> None:
    (only,) = people(database, workspace, ["owner"])
    with database.shared() as tx:
        with pytest.raises(Invalid, match="Choose one of"):
            change_role(tx, workspace, only, "emperor")
        with pytest.raises(Unknown, match="Nobody of the team"):
            member_called(tx, workspace, "nobody@x.example")
        assert member_called(tx, workspace, get_member(tx, workspace, only).email.upper()).id == only
