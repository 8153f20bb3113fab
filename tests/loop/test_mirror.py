"""The mirror has what the log and the rooms have, once, whatever breaks a filling off; and nobody who went."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Thread

import duckdb
import msgspec
import pytest
from tests.understand.understand_shop import allow

from regulars.access.audit import open_audit
from regulars.hear.identities import intern
from regulars.loop import followers, mirror_files, mirror_rounds, mirroring
from regulars.loop.forgetting import Forgetting, all_steps
from regulars.loop.mirroring import catch_up, differences, drop_mirror, fill_mirror, is_due
from regulars.loop.retention_rounds import let_go
from regulars.remember import erasure_records as erasures
from regulars.remember import merging, retention
from regulars.store.dispatch import Dispatcher
from regulars.store.gone import Step
from regulars.store.log import NewEvent, append
from regulars.store.mirror import Mirror, events, note_rewritten, snapshot
from regulars.understand.segments import create_segment
from regulars.words.errors import Invalid, Unavailable

START = datetime(2026, 4, 29, 12, tzinfo=UTC)
ANNA, BERT, PHONE = ("email", "anna.berzina@post.example"), ("user", "bert-1"), ("anonymous", "phone-of-anna")


class Shop:
    """A workspace with a mirror."""

    def __init__(self, database, workspace, root):
        self.database, self.workspace, self.clock = database, workspace, START
        self.mirror = Mirror(root, workspace)
        with self.tx() as tx:
            followers.begin(tx)
        self.dispatcher = Dispatcher(database, followers.FOLLOWERS, lambda: [workspace], lambda: self.clock)

    def tx(self):
        return self.database.workspace(self.workspace)

    def id(self, who):
        with self.tx() as tx:
            return intern(tx, [who])[who]

    def tell(self, who, kind, at=None, **props):
        with self.tx() as tx:
            append(tx, [NewEvent(self.id(who), at or self.clock, kind, msgspec.json.encode(props))])

    def settle(self):
        self.dispatcher.catch_up([self.workspace])

    def fill(self, **how):
        self.settle()
        self.clock += timedelta(minutes=20)
        return catch_up(self.database, self.mirror, self.clock, **how)

    def ask(self, query):
        manifest = self.mirror.read()
        views = {name: snapshot(self.mirror, manifest, name) for name in manifest.snapshots}
        views |= {"events": events(self.mirror, manifest)} if manifest.events else {}
        with duckdb.connect() as duck:
            duck.execute("set timezone = 'UTC'")
            for name, read in views.items():
                duck.execute(f"create view {name} as from {read}")
            return duck.execute(query).fetchall()

    def log(self):
        with self.tx() as tx:
            return tx.connection.execute(
                """select e.seq, e.identity_id, k.name, e.at, e.cut is not true, e.props
                from store_event e join store_kind k on k.id = e.kind order by e.seq"""
            ).fetchall()

    def mirrored(self):
        rows = self.ask("select seq, identity, kind, happened_at, whole, props from events order by seq")
        return [(*row[:-1], msgspec.json.decode(row[-1])) for row in rows]

    def forgetting(self, *more):
        audit = open_audit(self.database)
        steps = [*all_steps(audit), *more]
        return Forgetting(self.database, steps, audit, lambda: self.clock, mirrors=self.mirror.folder.parent)

    def ask_to_forget(self, who):
        with self.tx() as tx:
            known = "select customer_id from remember_identity where identity_id = %s"
            erasures.ask(tx, tx.connection.execute(known, [self.id(who)]).fetchone()[0], "erase", self.clock)

    def everything(self):
        """Every word in the folder, in whatever file."""
        said = [file.read_bytes().decode("latin-1") for file in self.mirror.folder.rglob("*") if file.is_file()]
        for file in self.mirror.folder.rglob("*.parquet"):
            rows = duckdb.execute(f"select * from read_parquet('{file}')").fetchall()
            said.append(repr(rows))
        return "\n".join(said)


@pytest.fixture
def shop(database, workspace, tmp_path):
    return Shop(database, workspace, tmp_path / "mirror")


def buys(shop):
    shop.tell(ANNA, "identify", traits={"name": "Anna Bērziņa", "size": 39}, verified=True)
    shop.tell(ANNA, "Order Completed", total=20.5, order_id="a-1", gift=True, note='said "no",\nand left')
    shop.tell(BERT, "Order Completed", at=START + timedelta(days=3), total=5, order_id="", gift=False, tags=["x"])
    shop.tell(PHONE, "page", path="/mugs/\u0000", value=None)


def test_the_files_have_the_events_by_month_with_a_column_for_what_has_one_type(shop):
    buys(shop)
    made = shop.fill()
    log = shop.log()
    assert [row[:-1] for row in shop.mirrored()] == [row[:-1] for row in log]
    assert {Path(one.file).parent.name for one in made.events} == {"month=2026-04", "month=2026-05"}
    assert {
        name: (one.type, one.column) for name, one in made.properties.items() if name in ("total", "gift", "tags")
    } == {
        "total": ("number", "p_total"),
        "gift": ("boolean", "p_gift"),
        "tags": ("mixed", ""),
    }
    rows = shop.ask(
        "select day, money, p_total, p_order_id, p_gift, p_note from events where kind = 'Order Completed' order by seq"
    )
    assert rows == [
        (START.date(), 20.5, 20.5, "a-1", True, 'said "no",\nand left'),
        ((START + timedelta(days=3)).date(), 5.0, 5.0, "", False, None),
    ]
    assert shop.ask("select props from events where kind = 'page'") == [('{"value":null}',)], "no text has a zero"
    assert not differences(shop.database, shop.mirror)
    assert shop.mirror.folder.stat().st_mode & 0o077 == 0, "nobody else reads it"


def test_a_property_that_changes_its_type_loses_its_column_and_no_value(shop):
    shop.tell(BERT, "Rated", stars=5)
    shop.fill()
    shop.tell(BERT, "Rated", stars="five")
    shop.tell(BERT, "Rated", stars=4)
    made = shop.fill()
    assert (made.properties["stars"].type, made.properties["stars"].column) == ("mixed", "")
    rows = shop.ask("select json_extract_string(props, '$.stars') from events where kind = 'Rated' order by seq")
    assert rows == [("5",), ("five",), ("4",)]


def test_names_that_would_be_the_same_column_are_kept_apart(shop):
    shop.tell(BERT, "Rated", Stars=5, stars=4, seq=7, **{'how it\'s "said"': 1, "Größe": "L"})
    made = shop.fill()
    columns = {name: one.column for name, one in made.properties.items() if name in ("Stars", "stars", "seq", "Größe")}
    assert sorted(columns.values()) == ["", "p_größe", "p_seq", "p_stars"]
    assert shop.ask("select p_seq, p_stars, \"p_größe\" from events where kind = 'Rated'") in (
        [(7, 5, "L")],
        [(7, 4, "L")],
    )


def test_the_snapshots_say_what_holds_now(shop):
    with shop.tx() as tx:
        create_segment(tx, "buyers", "Buyers", {"event": "Order Completed"}, START)
    buys(shop)
    with shop.tx() as tx:
        allow(tx, shop.id(ANNA), "marketing", "email", granted=True)
    shop.fill()
    assert shop.ask("select purpose, channel, granted from consents") == [("marketing", "email", True)]
    assert shop.ask("select name, type, number, text from facts where name = 'size'") == [
        ("size", "number", 39.0, "39")
    ]
    assert {row[0] for row in shop.ask("select customer from memberships where segment = 'buyers'")} == {
        shop.id(ANNA),
        shop.id(BERT),
    }
    assert shop.ask("select kind from identities order by identity") == [("email",), ("user",), ("anonymous",)]
    assert "anna.berzina" not in repr(shop.ask("from identities")) + repr(shop.ask("from customers"))


def test_what_comes_later_is_added_and_what_was_read_is_not_read_again(shop):
    buys(shop)
    first = shop.fill()
    shop.tell(BERT, "page", path="/x")
    second = shop.fill()
    assert {one.file for one in first.events} < {one.file for one in second.events}
    assert [row[:-1] for row in shop.mirrored()] == [row[:-1] for row in shop.log()]
    assert not is_due(shop.database, shop.mirror, shop.clock + timedelta(hours=1))
    shop.tell(BERT, "page", path="/y")
    shop.settle()
    assert is_due(shop.database, shop.mirror, shop.clock + timedelta(hours=1))
    assert not is_due(shop.database, shop.mirror, shop.clock + timedelta(minutes=1)), "not all the time"


def test_it_waits_while_what_is_known_is_derived_again(shop):
    buys(shop)
    shop.fill()
    day = shop.clock + timedelta(days=2)
    assert is_due(shop.database, shop.mirror, day), "once a day, though nothing is new"
    with shop.tx() as tx:
        followers.replay(tx, "facts")
    assert not is_due(shop.database, shop.mirror, day)
    shop.settle()
    assert is_due(shop.database, shop.mirror, day)


def test_a_merge_moves_identities_and_rewrites_no_event(shop):
    buys(shop)
    before = shop.fill()
    with shop.tx() as tx:
        merging.join(tx, shop.id(ANNA), shop.id(BERT), shop.clock)
    after = shop.fill()
    assert {one.file for one in before.events} <= {one.file for one in after.events}
    [(anna,), (bert,)] = shop.ask(
        f"select customer from identities where identity in ({shop.id(ANNA)}, {shop.id(BERT)}) order by identity"
    )
    assert anna == bert


@pytest.mark.parametrize("dies", ["copy", "write", "forget"])
def test_a_filling_that_dies_anywhere_leaves_what_was_and_is_done_again_once(shop, monkeypatch, dies):
    buys(shop)
    shop.fill()
    shop.tell(BERT, "page", path="/x")
    shop.settle()
    before = shop.mirror.read()

    def die(*_, **__):
        raise KeyboardInterrupt

    with monkeypatch.context() as broken, pytest.raises(KeyboardInterrupt):
        if dies == "copy":
            broken.setattr(mirror_files.Files, "snapshot", die)
        elif dies == "write":
            broken.setattr(Mirror, "write", die)
        else:
            broken.setattr(mirroring, "_retired", die)
        fill_mirror(shop.database, shop.mirror, shop.clock)
    assert shop.mirror.read() == before
    assert len(shop.mirrored()) == sum(one.rows for one in before.events)
    made = shop.fill()
    assert [row[:-1] for row in shop.mirrored()] == [row[:-1] for row in shop.log()]
    there = {str(file.relative_to(shop.mirror.folder)) for file in shop.mirror.folder.rglob("*.parquet")}
    assert there == made.files | made.retired.keys(), "what was half done is swept"


def test_two_processes_do_not_write_at_the_same_time(shop):
    with shop.mirror.held(), pytest.raises(Unavailable):
        fill_mirror(shop.database, shop.mirror, shop.clock)


def test_many_small_files_of_a_month_become_one(shop):
    for n in range(mirror_files.FEW + 1):
        shop.tell(BERT, "page", path=f"/{n}", **({"extra": n} if n == 3 else {}))
        made = shop.fill()
    assert len(made.events) < mirror_files.FEW
    assert [row[:-1] for row in shop.mirrored()] == [row[:-1] for row in shop.log()]
    assert shop.ask("select count(p_extra), max(p_extra) from events") == [(1, 3.0)]
    assert made.retired, "whoever reads the old ones comes to an end"
    shop.clock += timedelta(hours=2)
    shop.tell(BERT, "page", path="/last")
    assert not {file for file in made.retired if (shop.mirror.folder / file).exists()} & shop.fill().retired.keys()


def test_nobody_who_was_forgotten_is_in_any_file(shop):
    buys(shop)
    shop.tell(PHONE, "page", path="/anna")
    shop.settle()
    with shop.tx() as tx:
        merging.join(tx, shop.id(ANNA), shop.id(PHONE), shop.clock)
    shop.fill()
    shop.tell(BERT, "page", path="/x")
    shop.fill()
    words = ("anna.berzina", "Anna Bērziņa", "a-1", "/anna", "and left")
    assert all(word in shop.everything() for word in words if word != "anna.berzina")
    number = shop.id(ANNA)
    shop.ask_to_forget(ANNA)
    assert shop.forgetting().carry_out_next(shop.workspace)
    left = shop.everything()
    assert not [word for word in words if word in left]
    assert shop.ask(f"select count(*) from events where identity = {number}") == [(0,)]
    assert shop.ask("select sum(money) from events where kind = 'Order Completed'") == [(25.5,)], "the money stays"
    assert not differences(shop.database, shop.mirror)


def test_an_erasure_waits_while_the_mirror_is_being_written(shop):
    buys(shop)
    shop.fill()
    shop.ask_to_forget(ANNA)
    forgetting = shop.forgetting()
    with shop.mirror.held(), pytest.raises(Unavailable):
        forgetting.carry_out_next(shop.workspace)
    assert forgetting.carry_out_next(shop.workspace)
    assert "and left" not in shop.everything()


def test_an_erasure_stops_while_the_files_are_written_when_its_process_ends_and_is_gone_on_with(shop):
    buys(shop)
    shop.fill()
    shop.ask_to_forget(ANNA)
    stop = Event()
    ends = Step("this process ends", lambda *_: stop.set() or 0, at_end=True)
    asked = shop.forgetting(ends).carry_out_next(shop.workspace, stop)
    with shop.tx() as tx:
        assert erasures.get(tx, asked.id).state == "waiting"
    assert shop.forgetting().carry_out_next(shop.workspace)
    assert "and left" not in shop.everything()


def test_an_erasure_takes_out_whom_it_is_about_and_reads_nothing_new(shop):
    shop.tell(BERT, "identify", traits={"size": 44}, verified=True)
    buys(shop)
    before = shop.fill()
    shop.tell(BERT, "page", path="/x")
    shop.settle()
    shop.ask_to_forget(ANNA)
    assert shop.forgetting().carry_out_next(shop.workspace)
    after = shop.mirror.read()
    assert (after.upto, after.at) == (before.upto, before.at)
    assert "and left" not in shop.everything()
    assert shop.ask("select customer, text from facts where name = 'size'") == [(shop.id(BERT), "44")]
    assert not differences(shop.database, shop.mirror)


def test_what_somebody_said_while_they_were_one_with_another_is_taken_out_with_them(shop):
    shop.tell(BERT, "identify", traits={"size": 44}, verified=True)
    shop.tell(ANNA, "identify", traits={"name": "Anna Bērziņa"}, verified=True)
    shop.settle()
    with shop.tx() as tx:
        merging.join(tx, shop.id(BERT), shop.id(ANNA), shop.clock)
    shop.fill()
    assert shop.ask("select customer from facts where name = 'name'") == [(shop.id(BERT),)]
    with shop.tx() as tx:
        merging.unjoin(tx, shop.id(BERT), shop.id(ANNA), shop.clock)
    shop.settle()
    shop.ask_to_forget(ANNA)
    assert shop.forgetting().carry_out_next(shop.workspace)
    assert "Anna Bērziņa" not in shop.everything()
    assert shop.ask("select customer, text from facts where name = 'size'") == [(shop.id(BERT), "44")]


def test_while_customers_are_remembered_anew_the_files_say_what_was_and_nobody_who_goes(shop):
    shop.tell(BERT, "identify", traits={"size": 44}, verified=True)
    buys(shop)
    before = shop.fill()
    with shop.tx() as tx:
        followers.replay(tx, "facts")
    assert not is_due(shop.database, shop.mirror, shop.clock + timedelta(days=2))
    for refused in (fill_mirror, catch_up):
        with pytest.raises(Unavailable):
            refused(shop.database, shop.mirror, shop.clock)
    assert shop.mirror.read() == before
    shop.ask_to_forget(ANNA)
    assert shop.forgetting().carry_out_next(shop.workspace)
    assert "and left" not in shop.everything()
    assert shop.ask("select text from facts where name = 'size'") == [("44",)]
    shop.fill()
    assert shop.ask("select text from facts where name = 'size'") == [("44",)]
    assert is_due(shop.database, shop.mirror, shop.clock + timedelta(days=2))


def test_a_filling_in_many_pieces_ends_where_customers_come_to_be_remembered_anew(shop, monkeypatch):
    monkeypatch.setattr(mirroring, "MOST", 1)
    monkeypatch.setattr(mirroring, "PIECE", 1)
    buys(shop)
    shop.settle()
    told = []

    def rewinds(done, total):
        told.append(done)
        assert len(told) < 9, "it goes on and on"
        if done == 1:
            with shop.tx() as tx:
                followers.replay(tx, "facts")

    with pytest.raises(Unavailable):
        catch_up(shop.database, shop.mirror, shop.clock, told=rewinds)
    monkeypatch.undo()
    shop.fill()
    assert [row[:-1] for row in shop.mirrored()] == [row[:-1] for row in shop.log()]


def test_the_files_wait_for_a_follower_that_is_new(shop):
    buys(shop)
    before = shop.fill()
    with shop.tx() as tx:
        tx.connection.execute("update store_follower set cursor = 0 where name = 'rollups'")
    assert not is_due(shop.database, shop.mirror, shop.clock + timedelta(days=2))
    with pytest.raises(Unavailable):
        fill_mirror(shop.database, shop.mirror, shop.clock)
    assert shop.mirror.read() == before


@pytest.mark.parametrize("there", [True, False])
def test_what_is_changed_while_others_change_and_fill_is_changed_in_the_files(shop, there):
    buys(shop)
    if there:
        shop.fill()

    def change(tx, seq):
        tx.connection.execute("update store_event set props = '{}', cut = true where seq = %s", [seq])
        note_rewritten(tx, [seq])

    def change_and_fill():
        if there:
            with shop.tx() as tx:
                change(tx, 3)
        shop.fill()

    shop.settle()
    other = Thread(target=change_and_fill)
    with shop.tx() as tx:
        change(tx, 2)
        other.start()
        waits = "select count(*) from pg_locks where locktype = 'advisory' and not granted"
        while other.is_alive() and not tx.connection.execute(waits).fetchone()[0]:
            other.join(0.01)
    other.join()
    shop.fill()
    assert [row[:-1] for row in shop.mirrored()] == [row[:-1] for row in shop.log()]
    assert "said" not in repr(shop.mirrored())


def test_a_mirror_that_cannot_be_written_does_not_keep_the_others_waiting(shop, monkeypatch):
    buys(shop)
    shop.settle()
    stop = Event()
    rounds = iter([["nowhere", shop.workspace]])

    def workspaces():
        found = next(rounds, None)
        if found is None:
            stop.set()
        return found or []

    monkeypatch.setattr(mirror_rounds, "_LOOK", 0)
    mirror_rounds.hold_mirrors(shop.database, shop.mirror.folder.parent, workspaces, lambda: shop.clock, stop)
    assert len(shop.mirrored()) == len(shop.log())


def test_what_is_over_loses_its_words_there_too(shop):
    shop.tell(BERT, "page", path="/secret", value=2.5)
    shop.tell(BERT, "identify", traits={"size": 39})
    shop.fill()
    with shop.tx() as tx:
        retention.keep(tx, {"page": 30})
    shop.clock += timedelta(days=40)
    shop.settle()
    assert not let_go(shop.database, shop.workspace, shop.clock, seconds=60)
    assert "/secret" in shop.everything()
    shop.fill()
    assert "/secret" not in shop.everything()
    assert shop.ask("select whole, money from events where kind = 'page'") == [(False, 2.5)]
    with shop.tx() as tx:
        assert tx.connection.execute("select count(*) from store_rewritten").fetchone() == (0,)


def test_without_a_mirror_nothing_is_kept_for_it(shop):
    shop.tell(BERT, "page", path="/secret")
    shop.fill()
    drop_mirror(shop.database, shop.mirror)
    assert not list(shop.mirror.folder.rglob("*.parquet"))
    with shop.tx() as tx:
        retention.keep(tx, {"page": 30})
    shop.clock += timedelta(days=40)
    let_go(shop.database, shop.workspace, shop.clock, seconds=60)
    with shop.tx() as tx:
        assert tx.connection.execute("select count(*) from store_rewritten").fetchone() == (0,)


def test_a_house_that_was_restored_does_not_go_on_with_files_it_does_not_know(shop):
    buys(shop)
    old = shop.fill()
    with shop.tx() as tx:
        tx.connection.execute("update store_mirror set generation = generation - 1")
    made = shop.fill()
    assert made.id != old.id
    assert not {one.file for one in old.events} & {one.file for one in made.events}
    assert [row[:-1] for row in shop.mirrored()] == [row[:-1] for row in shop.log()]


def test_differences_are_found(shop):
    buys(shop)
    made = shop.fill()
    with shop.tx() as tx:
        tx.connection.execute("update store_event set identity_id = identity_id + 1 where seq = 2")
    [said] = differences(shop.database, shop.mirror)
    assert "2026-04" in said
    Path(shop.mirror.path(made.events[0].file)).unlink()
    assert differences(shop.database, shop.mirror) == [f"{made.events[0].file} is missing"]
    shop.fill(anew=True)
    assert not differences(shop.database, shop.mirror)


def test_a_manifest_that_cannot_be_read_is_no_end(shop):
    buys(shop)
    shop.fill()
    (shop.mirror.folder / "manifest.json").write_text("{")
    with pytest.raises(Invalid):
        differences(shop.database, shop.mirror)
    shop.fill()
    assert not differences(shop.database, shop.mirror)
