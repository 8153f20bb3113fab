"""Everything of one customer, as a program takes it along."""

from io import BytesIO
from zipfile import ZipFile

import msgspec
import pytest

from regulars.access.keys import create_key
from regulars.access.workspaces import create_workspace, delete_workspace


@pytest.fixture
def another(database, workspace):
    name = f"{workspace}_other"
    create_workspace(database, name, "Cake Corner")
    yield name
    delete_workspace(database, name)


def opened(answer):
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip")
    return ZipFile(BytesIO(answer.content))


def test_a_program_gets_the_same_file_as_the_team(shop, ask, client, home):
    got = ask("/customers/user:u-1/export")
    assert got.headers["cache-control"] == "no-store"
    files = [opened(got), opened(client.get(f"{home}/customers/{shop.customer}/everything.zip"))]
    assert files[0].namelist() == files[1].namelist()
    told, team = (msgspec.json.decode(one.read("everything.json")) for one in files)
    assert {"customer.taken"} <= {one["what"] for one in team["looked_at"]}, "that a program took it along is noted"
    told.pop("looked_at"), team.pop("looked_at")
    assert told == team
    assert {"Marta"} <= {one["words"] for one in told["facts"]}
    lines = files[0].read("events.csv").decode("utf-8-sig").splitlines()
    assert len(lines) == len(told["events"]) + 1 > 4


def test_who_has_much_is_given_it_whole(shop, ask):
    with shop.tx() as tx:
        tx.connection.execute(
            "insert into store_event (identity_id, at, received_at, kind, props) "
            "select %s, now() - n * interval '1 second', now(), k.id, json_build_object('path', repeat('x', 5000)) "
            "from generate_series(1, 1200) n, store_kind k where k.name = 'identify'",
            (shop.customer,),
        )
    told = msgspec.json.decode(opened(ask("/customers/user:u-1/export")).read("everything.json"))
    seqs = [one["seq"] for one in told["events"]]
    assert len(seqs) == len(set(seqs)) > 1200


def test_only_a_key_of_this_workspace_that_may_read_is_given_it(shop, ask, stranger, another):
    for scope in ("browser", "write"):
        assert ask("/customers/user:u-1/export", scope=scope).status_code == 403
    other = {"authorization": f"Bearer {create_key(shop.database, another, 'admin')}"}
    for ref in ("user:u-1", shop.customer):
        assert stranger.get(f"/api/customers/{ref}/export", headers=other).status_code == 404
    assert ask("/customers/user:nobody/export").status_code == 404
