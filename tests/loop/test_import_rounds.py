"""A work process tries a file and takes it in; killed, cancelled or begun twice, nothing is there twice."""

from io import BytesIO
from pathlib import Path
from threading import Event

import msgspec
import pytest

from regulars.hear import bringing
from regulars.hear import import_records as imports
from regulars.hear.identities import intern
from regulars.hear.import_records import SILENT
from regulars.loop.followers import begin
from regulars.loop.import_rounds import sweep_imports, take_next
from regulars.remember import consents
from regulars.remember.erasing import whose
from regulars.remember.followers import CONSENT, IDENTITY
from regulars.store import records
from regulars.store.database import Database
from regulars.store.follow import Runner
from regulars.store.log import append
from regulars.words.clock import utc_now

ROWS = 2_500
PEOPLE = "email,size\n" + "".join(f"c{n}@example.com,{n}\n" if n % 10 else "nobody,0\n" for n in range(ROWS))


@pytest.fixture
def brought(database: Database, workspace: str, tmp_path: Path):
    file = ("people.csv", BytesIO(PEOPLE.encode()).read)
    return bringing.bring(database, workspace, tmp_path, file, "priya@gifts.example", utc_now())


def ask(database: Database, brought, *, dry: bool = False) -> None:
    with database.workspace(brought.workspace) as tx:
        imports.ask(tx, brought, dry=dry)


def again(database: Database, brought):
    with database.workspace(brought.workspace) as tx:
        return imports.get(tx, brought.workspace, brought.number)


def work(database: Database, folder: Path, clock=utc_now, poke=lambda _: None) -> bool:
    return take_next(database, folder, clock, Event(), poke)


def emails(database: Database, workspace: str) -> list[str]:
    with database.workspace(workspace) as tx:
        return [one.props["traits"]["email"] for one in records.list_events(tx, kind=None, before=None, limit=10_000)]


def test_a_file_is_tried_and_then_taken_in(database: Database, workspace: str, tmp_path: Path, brought) -> None:
    ask(database, brought, dry=True)
    assert work(database, tmp_path)
    tried = again(database, brought)
    assert (tried.state, tried.outcome["events"], emails(database, workspace)) == ("tried", 2_250, [])
    assert (tmp_path / brought.rejects).is_file()

    ask(database, brought)
    assert work(database, tmp_path)
    done = again(database, brought)

    assert (done.state, done.outcome["rows"], done.outcome["events"], done.place) == ("done", ROWS, 2_250, done.size)
    assert len(emails(database, workspace)) == 2_250
    assert not work(database, tmp_path)


class Killed(BaseException):
    pass


def _kill(_: str) -> None:
    raise Killed


def test_whoever_is_killed_another_goes_on_and_nothing_is_there_twice(
    database: Database, workspace: str, tmp_path: Path, brought
) -> None:
    ask(database, brought)
    with pytest.raises(Killed):
        work(database, tmp_path, poke=_kill)
    assert again(database, brought).state == "running"
    assert not work(database, tmp_path)

    assert work(database, tmp_path, clock=lambda: utc_now() + SILENT * 2)

    done = again(database, brought)
    assert (done.state, done.outcome["events"], done.outcome["known"]) == ("done", 2_250, 0)
    assert len(set(emails(database, workspace))) == len(emails(database, workspace)) == 2_250
    assert len((tmp_path / brought.rejects).read_text("utf-8").splitlines()) == 251


def test_what_was_cancelled_stops_and_is_gone_on_with(
    database: Database, workspace: str, tmp_path: Path, brought
) -> None:
    ask(database, brought)

    def cancel(_: str) -> None:
        with database.workspace(workspace) as tx:
            if imports.get(tx, workspace, brought.number).state == "running":
                imports.cancel(tx, brought, utc_now())

    work(database, tmp_path, poke=cancel)
    stopped = again(database, brought)
    assert stopped.state == "cancelled"
    assert 0 < len(emails(database, workspace)) < 2_250

    ask(database, brought)
    work(database, tmp_path)
    assert again(database, brought).outcome["events"] == len(emails(database, workspace)) == 2_250


def test_a_file_that_is_gone_fails_in_words(database: Database, tmp_path: Path, brought) -> None:
    ask(database, brought)
    (tmp_path / brought.stored).unlink()
    work(database, tmp_path)
    assert (again(database, brought).state, again(database, brought).problem) == (
        "failed", "The file is not on this machine."
    )  # fmt: skip


def test_the_next_file_with_the_same_columns_is_understood_as_the_last(
    database: Database, workspace: str, tmp_path: Path, brought
) -> None:

    plan = msgspec.structs.replace(brought.planned(), columns={"email": "email", "size": "fact:shoe_size:number"})
    with database.workspace(workspace) as tx:
        bringing.change(tx, tmp_path, brought, plan, utc_now())
    ask(database, brought)
    work(database, tmp_path)
    file = ("more.csv", BytesIO(b"email;size\nida@example.com;39\n").read)
    more = bringing.bring(database, workspace, tmp_path, file, "priya@gifts.example", utc_now())

    assert more.planned().columns["size"] == "fact:shoe_size:number"
    assert more.planned().reading.separator == ";"


def test_files_are_kept_for_some_days(database: Database, tmp_path: Path, brought) -> None:
    def shown() -> object:
        with database.shared() as tx:
            return imports.get(tx, brought.workspace, brought.number).outcome.get("first")

    ask(database, brought)
    work(database, tmp_path)
    sweep_imports(database, tmp_path, utc_now())
    assert (tmp_path / brought.stored).is_file()
    assert shown()
    sweep_imports(database, tmp_path, utc_now() + imports.KEPT * 2)
    assert not list(tmp_path.iterdir())
    assert not shown()


LEFT = (
    "email,newsletter,opted out\nida@leaving.example,no,2025-05-01\nian@leaving.example,no,2025-05-01\n"
    "iva@leaving.example,yes,\n"
)


def test_what_a_file_withdraws_outlives_a_backup_but_not_what_was_agreed_again(
    database: Database, workspace: str, tmp_path: Path
) -> None:
    with database.workspace(workspace) as tx:
        ian = intern(tx, [("email", "ian@leaving.example")])["email", "ian@leaving.example"]
        said = consents.Changed("marketing", "email", granted=True, words="yes", how="our form")
        append(tx, [consents.changed(ian, utc_now(), said)])
        begin(tx)
    for follower in (IDENTITY, CONSENT):
        while Runner(database).step(workspace, follower, utc_now()).moved:
            pass
    file = ("left.csv", BytesIO(LEFT.encode()).read)
    brought = bringing.bring(database, workspace, tmp_path, file, "priya@gifts.example", utc_now(), "customers")
    columns = {"email": "email", "newsletter": "consent", "opted out": "withdrawn_at"}
    plan = msgspec.structs.replace(brought.planned(), columns=columns)
    with database.workspace(workspace) as tx:
        bringing.change(tx, tmp_path, brought, plan, utc_now())

    listed = []
    for dry in (True, False):
        ask(database, brought, dry=dry)
        assert work(database, tmp_path)
        heard = database.erasures.read()
        listed = [one for one in (heard.erasures if heard else []) if one.workspace == workspace]
        assert len(listed) == (0 if dry else 1)

    with database.workspace(workspace) as tx:
        ida = intern(tx, [("email", "ida@leaving.example")])["email", "ida@leaving.example"]
        assert set(whose(tx, listed).values()) == {ida}
    assert (listed[0].kind, listed[0].names) == ("consents", ["marketing/email"])
