from pathlib import Path

from click.testing import CliRunner

from regulars.cli.files import import_file
from regulars.store.database import Database

COLUMNS = ("InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country")
GOOD = "536365,85123A,HEART,6,2011-07-01 08:26,2.55,17850,United Kingdom"
BAD = "536366,85123A,HEART,many,2011-07-01 08:26,2.55,17850,United Kingdom"


def test_import_says_what_is_new_what_was_known_and_what_was_not_taken(
    database: Database, postgres: str, workspace: str, tmp_path: Path
) -> None:
    path = tmp_path / "orders.csv"
    path.write_text("\n".join([",".join(COLUMNS), GOOD, BAD, ""]), encoding="utf-8")
    environment = {"REGULARS_DATABASE_URL": postgres, "REGULARS_DATA": str(tmp_path)}
    command = [str(path), "--as", "orders", "--workspace", workspace]

    first = CliRunner().invoke(import_file, command, env=environment)
    again = CliRunner().invoke(import_file, command, env=environment)

    assert "2 lines: 1 new orders, 0 known already." in first.output
    assert "line 3, Quantity: no number" in first.output
    assert "2 lines: 0 new orders, 1 known already." in again.output
