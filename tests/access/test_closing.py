"""A workspace that is deleted answers nobody at once; it is gone after seven days, and until then can be taken back."""

from datetime import timedelta

import pytest

from regulars.access.keys import check_key, create_key
from regulars.access.people import add_person
from regulars.access.workspaces import (
    all_workspaces,
    claim_address,
    close_workspace,
    create_workspace,
    delete_workspace,
    drop_closed,
    find_workspace,
    get_workspace,
    list_workspaces,
    take_back,
    workspace_at,
    workspaces_of,
)
from regulars.words.errors import Conflict, NoKey, Refused, Unknown


@pytest.fixture
def closed(database, workspace, now):
    with database.shared() as tx:
        claim_address(tx, f"f/{workspace}", workspace)
    key = create_key(database, workspace, "admin")
    with database.shared() as tx:
        close_workspace(tx, workspace, "sam@x.example", now)
    return key


def test_it_answers_nobody_from_then_on(database, workspace, closed):
    with pytest.raises(Refused, match="was deleted"):
        get_workspace(database, workspace)
    with pytest.raises(Unknown):
        workspace_at(database, f"f/{workspace}")
    with pytest.raises(NoKey):
        check_key(database, closed)
    assert workspace not in [one.name for one in list_workspaces(database)]
    assert workspace in [one.name for one in all_workspaces(database)]


def test_it_is_taken_back_whole(database, workspace, closed):
    with database.shared() as tx:
        take_back(tx, workspace)
    assert get_workspace(database, workspace).closed_at is None
    assert check_key(database, closed).workspace == workspace
    assert workspace_at(database, f"f/{workspace}") == workspace


def test_it_is_deleted_once_and_taken_back_once(database, workspace, closed, now):
    with database.shared() as tx, pytest.raises(Conflict):
        close_workspace(tx, workspace, "sam@x.example", now)
    with database.shared() as tx:
        take_back(tx, workspace)
        with pytest.raises(Conflict):
            take_back(tx, workspace)
        with pytest.raises(Unknown):
            take_back(tx, "nobody")


def test_it_is_gone_after_seven_days(database, workspace, closed, now):
    assert workspace not in drop_closed(database, now + timedelta(days=6, hours=23))
    assert find_workspace(database, workspace) is not None
    assert drop_closed(database, now + timedelta(days=7, minutes=1)) == [workspace]
    assert find_workspace(database, workspace) is None
    with pytest.raises(Unknown), database.workspace(workspace):
        pass
    create_workspace(database, workspace, "Another brand")
    with pytest.raises(Unknown):
        workspace_at(database, f"f/{workspace}")


def test_its_name_stays_taken_until_then(database, workspace, closed):
    with pytest.raises(Conflict):
        create_workspace(database, workspace, "Another brand")


def test_a_person_sees_it_last_among_theirs(database, workspace, closed):
    other = f"o_{workspace}"
    create_workspace(database, other, "Zzz")
    person = add_person(database, f"{workspace}@x.example", "Sam", workspace)
    add_person(database, f"{workspace}@x.example", "Sam", other, role="viewer")
    found = workspaces_of(database, person)
    assert [(one.name, one.role, one.closed_at is None) for one in found] == [
        (other, "viewer", True),
        (workspace, "owner", False),
    ]
    delete_workspace(database, other)
