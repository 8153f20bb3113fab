"""Keys open one workspace with one scope; the house keeps their hashes only."""

import pytest

from regulars.access.keys import (
    SCOPES,
    Keys,
    add_key,
    check_key,
    create_key,
    get_key,
    list_keys,
    revoke_key,
)
from regulars.access.workspaces import claim_address, create_workspace, delete_workspace, get_workspace, workspace_at
from regulars.store.database import Database
from regulars.words.errors import Conflict, Invalid, NoKey, Unknown


@pytest.mark.parametrize("scope", SCOPES)
def test_a_key_opens_its_workspace_with_its_scope(database: Database, workspace: str, scope: str) -> None:
    key = check_key(database, create_key(database, workspace, scope))
    assert (key.workspace, key.scope) == (workspace, scope)


@pytest.mark.parametrize("key", ["", "write_made-up", "'; drop schema regulars; --", "é" * 500])
def test_what_is_no_key_opens_nothing(database: Database, key: str) -> None:
    with pytest.raises(NoKey, match="opens nothing"):
        Keys(database).check(key)


def test_a_process_asks_once_for_a_key(database: Database, workspace: str) -> None:
    keys = Keys(database)
    key = create_key(database, workspace, "write")
    assert keys.known(key) is None
    assert keys.check(key) == keys.known(key)


def test_a_key_needs_a_scope_and_a_workspace_that_exist(database: Database, workspace: str) -> None:
    with pytest.raises(Invalid, match="Choose one of"):
        create_key(database, workspace, "everything")
    with pytest.raises(Unknown, match="no workspace"):
        create_key(database, "nowhere", "read")


def test_a_key_itself_is_not_in_the_database(database: Database, workspace: str) -> None:
    key = create_key(database, workspace, "admin")
    with database.direct() as connection:
        kept = connection.execute("select string_agg(t::text, ' ') from regulars.access_key t").fetchone()
    assert kept is not None
    assert key not in kept[0]


@pytest.mark.parametrize("name", ["", "A", "1a", "a-b", "a b", 'a"; drop', "a" * 42, "ä"])
def test_a_workspace_has_a_plain_name(database: Database, name: str) -> None:
    with pytest.raises(Invalid, match="workspace's name"):
        create_workspace(database, name, "Any")


def test_a_workspace_is_made_once(database: Database, workspace: str) -> None:
    with pytest.raises(Conflict, match="Choose another name"):
        create_workspace(database, workspace, "Another")
    assert get_workspace(database, workspace).title == "The Gift House"
    with pytest.raises(Unknown):
        get_workspace(database, "nowhere")


def test_a_public_name_belongs_to_who_took_it_first(database: Database, workspace: str) -> None:
    path = f"f/{workspace}-quiz"
    with database.workspace(workspace) as tx:
        claim_address(tx, path, workspace)
        claim_address(tx, path, workspace)
    assert workspace_at(database, path) == workspace
    other = create_workspace(database, f"{workspace}_b", "Another").name
    with database.workspace(other) as tx, pytest.raises(Conflict, match="taken"):
        claim_address(tx, path, other)
    delete_workspace(database, other)
    with pytest.raises(Unknown, match="nothing at this address"):
        workspace_at(database, "f/nothing")


def test_owners_see_what_a_key_is_for_and_never_the_key(database: Database, workspace: str) -> None:
    with database.shared() as tx:
        made, key = add_key(tx, workspace, "write", "  The   shop ")
        assert list_keys(tx, workspace) == [made]
    assert (made.name, made.scope, made.used_at) == ("The shop", "write", None)
    assert key not in str(made)


def test_a_key_that_is_revoked_opens_nothing(database: Database, workspace: str) -> None:
    keys = Keys(database)
    with database.shared() as tx:
        made, key = add_key(tx, workspace, "read", "")
    keys.check(key)
    with database.shared() as tx:
        revoke_key(tx, workspace, made.id)
        with pytest.raises(Unknown, match="no key number"):
            revoke_key(tx, workspace, made.id)
    keys.forget()
    with pytest.raises(NoKey):
        keys.check(key)


def test_no_workspace_revokes_the_key_of_another(database: Database, workspace: str) -> None:
    other = create_workspace(database, f"{workspace}_b", "Another").name
    with database.shared() as tx:
        made, key = add_key(tx, workspace, "read", "")
        with pytest.raises(Unknown):
            revoke_key(tx, other, made.id)
        assert list_keys(tx, other) == []
    assert check_key(database, key).workspace == workspace
    delete_workspace(database, other)


def test_the_last_use_of_a_key_is_noted_beside_and_once_a_minute(database: Database, workspace: str) -> None:
    with database.shared() as tx:
        made, key = add_key(tx, workspace, "write", "")
    uses = []
    for _ in range(2):
        keys = Keys(database)
        for _ in range(3):
            keys.check(key)
            keys.forget()
        keys.settle()
        with database.shared() as tx:
            uses.append(get_key(tx, workspace, made.id).used_at)
    assert uses[0] is not None
    assert uses[0] == uses[1]


def test_a_key_opens_while_its_use_cannot_be_noted(database: Database, workspace: str) -> None:
    keys = Keys(database)
    with database.shared() as tx:
        made, key = add_key(tx, workspace, "write", "")
    with database.direct() as holder, holder.transaction():
        holder.execute("select from regulars.access_key where id = %s for update", (made.id,))
        assert keys.check(key).workspace == workspace
        keys.settle()


@pytest.mark.parametrize("name", ["x" * 81, "a\x00b", "a\u202eb"])
def test_what_cannot_be_read_is_no_name_of_a_key(database: Database, workspace: str, name: str) -> None:
    with database.shared() as tx, pytest.raises(Invalid, match="at most 80"):
        add_key(tx, workspace, "read", name)
