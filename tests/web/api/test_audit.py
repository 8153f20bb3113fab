"""The audit log for programs: by filters and cursors, for admin keys of the same workspace only."""

import pytest

from regulars.access.audit import Deed, Who
from regulars.access.keys import create_key
from regulars.access.workspaces import create_workspace, delete_workspace
from regulars.words.clock import utc_now


@pytest.fixture
def noted(house, workspace):
    with house.database.workspace(workspace) as tx:
        for number in range(7):
            deed = Deed("segment.made", "segment", f"s-{number}", after={"n": number})
            house.audit.note(tx, Who("person", "tom@x.example"), deed, utc_now())


def test_it_is_read_on_to_its_end(ask, noted):
    first = ask("/audit", action="segment.made", limit=3, scope="admin").json()
    read, page = first["items"], first
    while page["next"]:
        page = ask("/audit", action="segment.made", limit=3, cursor=page["next"], scope="admin").json()
        read += page["items"]
    assert [one["name"] for one in read] == [f"s-{number}" for number in reversed(range(7))]
    assert first["total"] == 7
    assert read[0] | {"id": 0, "at": ""} == {
        "id": 0,
        "at": "",
        "who_kind": "person",
        "who_id": None,
        "who": "tom@x.example",
        "who_name": "",
        "action": "segment.made",
        "kind": "segment",
        "name": "s-6",
        "label": "",
        "before": None,
        "after": {"n": 6},
        "request": "",
        "address": "",
    }


def test_filters_narrow_it(ask, noted):
    def total(**query):
        return ask("/audit", scope="admin", **query).json()["total"]

    assert total(on="segment:s-3") == total(on="s-3", who="tom@x.example") == 1
    assert total(on="form:s-3") == total(who="nobody") == total(until="2020-01-01", action="segment.made") == 0


@pytest.mark.parametrize("query", [{"since": "tomorrow"}, {"cursor": "x"}, {"limit": 0}])
def test_what_cannot_be_read_is_said(ask, noted, query):
    assert ask("/audit", scope="admin", **query).status_code == 400


@pytest.mark.parametrize("scope", ["read", "write", "browser"])
def test_other_keys_do_not_see_it(ask, noted, scope):
    assert ask("/audit", scope=scope).status_code == 403


def test_another_workspace_does_not_see_it(stranger, house, noted):
    create_workspace(house.database, "other_audit", "Other")
    try:
        key = create_key(house.database, "other_audit", "admin")
        found = stranger.get("/api/audit", headers={"authorization": f"Bearer {key}"}).json()
        assert found["items"] == []
    finally:
        delete_workspace(house.database, "other_audit")
