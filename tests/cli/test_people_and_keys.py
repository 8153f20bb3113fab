"""The team and the keys from the command line, with what was done in the audit log."""

import pytest
from tests.cli.houses import regulars

from regulars.access.audit_records import Filter, list_entries


@pytest.fixture
def told(postgres, workspace):
    """Type a command about this workspace; return what it says."""

    def say(*words):
        done = regulars(*words, "--workspace", workspace, REGULARS_DATABASE_URL=postgres)
        return done.stdout if done.returncode == 0 else done.stderr

    return say


def test_the_team_is_made_listed_and_changed(told, database, workspace):
    first, second = f"harriet@{workspace}.example", f"priya@{workspace}.example"
    assert "belongs to" in told("person", "add", first, "--name", "Harriet")
    assert "(analyst)" in told("person", "add", second, "--role", "analyst")
    assert told("person", "list").splitlines() == [
        f"{first}\tHarriet\towner\tnever here",
        f"{second}\t\tanalyst\tnever here",
    ]
    assert "is marketer" in told("person", "role", second, "marketer")
    assert "needs an owner" in told("person", "remove", first)
    assert "needs an owner" in told("person", "add", first, "--role", "viewer")
    assert "is no role" in told("person", "role", second, "king")
    assert "is out of" in told("person", "remove", second.upper())
    assert "Nobody of the team" in told("person", "remove", second)
    assert _noted(database, workspace) == ["person.removed", "role.changed", "person.added", "person.added"]


def test_keys_are_made_listed_and_revoked(told, database, workspace):
    assert told("key", "create", "--scope", "read", "--name", "The report").startswith("read_")
    number, scope, name, _, used = told("key", "list").strip().split("\t")
    assert (scope, name, used) == ("read", "The report", "never used")
    assert "is revoked" in told("key", "revoke", number)
    assert "no key number" in told("key", "revoke", number)
    assert told("key", "list") == ""
    assert _noted(database, workspace) == ["key.revoked", "key.made"]


def _noted(database, workspace):
    with database.workspace(workspace) as tx:
        return [one.action for one in list_entries(tx, Filter(), (None, 0, 0), 20)]
