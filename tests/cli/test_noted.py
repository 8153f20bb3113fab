"""What is typed at the command line stands in the audit log, and the doctor sees where somebody changed that."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.cli.houses import regulars

from regulars.access import audit_records
from regulars.access.audit import Filter, open_audit
from regulars.cli.findings import of_audit
from regulars.cli.place import opened
from regulars.settings import Settings

ORDERS = (
    "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
    "536365,85123A,HEART,6,2011-07-01 08:26,2.55,17850,United Kingdom\n"
)


@pytest.fixture
def folders() -> Iterator[list[str]]:
    made = [tempfile.mkdtemp(prefix="regulars-noted-") for _ in range(3)]
    yield made
    for folder in made:
        shutil.rmtree(folder)


def noted(data: str, workspace: str = "gifts") -> list[tuple[str, str, str]]:
    with opened(Settings(data=Path(data))) as database, database.workspace(workspace) as tx:
        found = audit_records.list_entries(tx, Filter(), (None, 0, 0), 100)
    return [(one.who, one.action, one.name) for one in reversed(found)]


def test_commands_are_noted_and_a_restored_house_goes_on_with_the_log(folders: list[str]) -> None:
    house, again, place = folders
    orders, backup = Path(place) / "orders.csv", Path(place) / "all.backup"
    orders.write_text(ORDERS, encoding="utf-8")
    for words in (
        ["workspace", "create", "gifts", "--owner", "Harriet@gifts.example"],
        ["person", "add", "tom@gifts.example", "--workspace", "gifts"],
        ["key", "create", "--workspace", "gifts", "--scope", "read"],
        ["key", "create", "--workspace", "gifts", "--scope", "everything"],
        ["login-link", "tom@gifts.example"],
        ["import", str(orders), "--as", "orders", "--workspace", "gifts"],
        ["backup", str(backup)],
    ):
        regulars(*words, "--data", house)
    done = [
        ("command line", "workspace.made", "gifts"),
        ("command line", "person.added", "harriet@gifts.example"),
        ("command line", "person.added", "tom@gifts.example"),
        ("command line", "key.made", "1"),
        ("command line", "login.link.made", "tom@gifts.example"),
        ("command line", "import.made", "orders.csv"),
        ("command line", "backup.taken", "all.backup"),
    ]
    assert noted(house) == done
    assert regulars("restore", str(backup), "--data", again, "--even-if-old").returncode == 0
    assert noted(again) == [*done[:-1], ("command line", "house.restored", "all.backup")]
    with opened(Settings(data=Path(again))) as database:
        assert [one.state for one in of_audit(database, "gifts")] == ["well"]


def test_the_doctor_finds_what_somebody_changed(database, workspace) -> None:
    from regulars.access.audit import COMMAND_LINE, Deed
    from regulars.words.clock import utc_now

    audit = open_audit(database)
    with database.workspace(workspace) as tx:
        for _ in range(3):
            audit.note(tx, COMMAND_LINE, Deed("key.made", "key", "1"), utc_now())
    (well,) = of_audit(database, workspace)
    assert (well.state, well.said) == ("well", "Its 3 entries are as they were written.")
    with database.workspace(workspace) as tx:
        tx.connection.execute("set local session_replication_role = replica")
        tx.connection.execute("delete from access_audit where n = 2")
    (bad,) = of_audit(database, workspace)
    assert bad.state == "wrong"
    assert "entry 2 is missing" in bad.said
    assert bad.advice
