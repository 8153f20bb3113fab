import gzip
import lzma
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.hear.imports.running import Outcome
from regulars.hear.orders import COMPLETED, REFUNDED, import_orders
from regulars.store import records
from regulars.store.database import Database
from regulars.store.records import Event
from regulars.words.errors import Invalid

COLUMNS = ("InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country")
HEADER = ",".join(COLUMNS)
SUMMER = "536365,85123A,WHITE HANGING HEART,6,2011-07-01 08:26,2.55,17850,United Kingdom"
SUMMER_TOO = "536365,71053,WHITE METAL LANTERN,2,2011-07-01 08:26,3.39,17850,United Kingdom"
WINTER = "536366,22633,HAND WARMER,1,2010-12-01 08:28,1.85,13047,Norway"
CANCELLED = "C536379,D,Discount,-1,2010-12-01 09:41,27.5,17850,United Kingdom"


def written(folder: Path, *lines: str, header: str = HEADER) -> Path:
    path = folder / "orders.csv"
    path.write_text("\n".join([header, *lines, ""]), encoding="utf-8")
    return path


def orders(database: Database, workspace: str) -> list[Event]:
    with database.workspace(workspace) as tx:
        return records.list_events(tx, kind=None, before=None, limit=10_000)[::-1]


def test_the_lines_of_an_invoice_become_one_historical_order(
    database: Database, workspace: str, tmp_path: Path
) -> None:
    done = import_orders(database, workspace, written(tmp_path, SUMMER, SUMMER_TOO, WINTER))

    assert (done.rows, done.events, done.known, dict(done.rejected)) == (3, 2, 0, {})
    first, second = orders(database, workspace)
    assert first.kind == second.kind == COMPLETED
    assert first.historical
    assert first.props == {
        "order_id": "536365",
        "total": 22.08,
        "currency": "GBP",
        "country": "United Kingdom",
        "products": [
            {"sku": "85123A", "name": "WHITE HANGING HEART", "quantity": 6, "price": 2.55},
            {"sku": "71053", "name": "WHITE METAL LANTERN", "quantity": 2, "price": 3.39},
        ],
    }


def test_a_product_has_the_category_that_the_file_says(database: Database, workspace: str, tmp_path: Path) -> None:
    file = tmp_path / "orders.csv"
    file.write_text(
        "Order,Date,Customer,Product,Product Category,Price\n"
        "1,2026-03-01,17850,Six candles,Candles,3.5\n1,2026-03-01,17850,A card,,2\n"
    )
    import_orders(database, workspace, file)
    (order,) = orders(database, workspace)
    assert [one.get("category") for one in order.props["products"]] == ["Candles", None]


def test_times_are_read_by_the_clock_of_the_shop(database: Database, workspace: str, tmp_path: Path) -> None:
    import_orders(database, workspace, written(tmp_path, SUMMER, WINTER))

    assert [event.at for event in orders(database, workspace)] == [
        datetime(2011, 7, 1, 7, 26, tzinfo=UTC),
        datetime(2010, 12, 1, 8, 28, tzinfo=UTC),
    ]


def test_goods_taken_back_are_a_refund_with_amounts_above_zero(
    database: Database, workspace: str, tmp_path: Path
) -> None:
    import_orders(database, workspace, written(tmp_path, CANCELLED))

    (refund,) = orders(database, workspace)
    assert refund.kind == REFUNDED
    assert refund.props["total"] == 27.5
    assert refund.props["products"] == [{"sku": "D", "name": "Discount", "quantity": 1, "price": 27.5}]


def test_importing_twice_changes_nothing(database: Database, workspace: str, tmp_path: Path) -> None:
    path = written(tmp_path, SUMMER, SUMMER_TOO, WINTER, CANCELLED)
    import_orders(database, workspace, path)
    before = orders(database, workspace)

    again = import_orders(database, workspace, path)

    assert (again.events, again.known) == (0, 3)
    assert orders(database, workspace) == before


def test_importing_again_after_the_log_forgot_message_ids_changes_nothing(
    database: Database, workspace: str, tmp_path: Path
) -> None:
    path = written(tmp_path, SUMMER, WINTER)
    import_orders(database, workspace, path)
    with database.workspace(workspace) as tx:
        tx.connection.execute("drop index store_event_mid_0")

    assert import_orders(database, workspace, path).events == 0
    assert len(orders(database, workspace)) == 2


def test_an_import_that_broke_off_goes_on_where_it_was(database: Database, workspace: str, tmp_path: Path) -> None:
    lines = [f"{500_000 + n},85123A,HEART,1,2011-01-01 10:00,2.55,{n % 7},France" for n in range(2_500)]
    path = written(tmp_path, *lines)

    class Killed(Exception):
        pass

    def kill(done: Outcome, *_: int) -> None:
        if done.rows >= 1_000:
            raise Killed

    with pytest.raises(Killed):
        import_orders(database, workspace, path, progress=kill)
    again = import_orders(database, workspace, path)

    assert (again.known, again.events) == (1_000, 1_500)
    numbers = [event.props["order_id"] for event in orders(database, workspace)]
    assert len(numbers) == len(set(numbers)) == 2_500


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (SUMMER.replace(",6,", ",six,"), "no number"),
        (SUMMER.replace(",6,", ",99999999999999,"), "no whole number"),
        (SUMMER.replace("2.55", "2.5.5"), "no number"),
        (SUMMER.replace("2.55", "NaN"), "no number"),
        (SUMMER.replace("2011-07-01 08:26", "July first"), "date"),
        (SUMMER.replace("2011-07-01 08:26", "0001-01-01 00:00"), "date"),
        (SUMMER.replace("17850", ""), "does not say who"),
        (SUMMER.replace("17850", "9" * 400), "longer than"),
        (SUMMER.replace("536365", ""), "no order number"),
        ("536365,85123A", "does not say who"),
    ],
)
def test_a_line_that_cannot_be_read_is_counted_with_its_reason(
    database: Database, workspace: str, tmp_path: Path, line: str, reason: str
) -> None:
    done = import_orders(database, workspace, written(tmp_path, line, WINTER))

    assert (done.rows, done.events, done.refused) == (2, 1, 1)
    assert reason in done.examples[0].reason
    assert done.examples[0].row == 1


def test_an_order_is_taken_whole_or_not_at_all(database: Database, workspace: str, tmp_path: Path) -> None:
    bad = SUMMER_TOO.replace("3.39", "?")
    assert import_orders(database, workspace, written(tmp_path, SUMMER, bad)).events == 0

    mended = import_orders(database, workspace, written(tmp_path, SUMMER, SUMMER_TOO))

    assert mended.events == 1
    assert orders(database, workspace)[0].props["total"] == 22.08


def test_an_order_of_two_customers_is_not_taken(database: Database, workspace: str, tmp_path: Path) -> None:
    other = SUMMER_TOO.replace("17850", "13047")

    done = import_orders(database, workspace, written(tmp_path, SUMMER, other))

    assert dict(done.rejected) == {"more than one customer in one order": 2}


def test_a_file_without_the_columns_is_refused_with_their_names(
    database: Database, workspace: str, tmp_path: Path
) -> None:
    path = written(tmp_path, SUMMER, header=HEADER.replace("InvoiceNo", "Nr"))

    with pytest.raises(Invalid, match="needs a column for 'order'"):
        import_orders(database, workspace, path)


def test_the_case_and_order_of_column_names_do_not_matter(database: Database, workspace: str, tmp_path: Path) -> None:
    header = "customer_id,country,INVOICENO,stockcode,Description,quantity,invoice date,unitprice"
    line = "17850.0,France,536365,85123A,HEART,6,2011-07-01 08:26,2.55"

    assert import_orders(database, workspace, written(tmp_path, line, header=header)).events == 1
    assert orders(database, workspace)[0].props["country"] == "France"


@pytest.mark.parametrize("pack", [gzip.compress, lzma.compress], ids=["gzip", "xz"])
def test_a_packed_file_is_read_too_and_one_cut_off_keeps_what_came_before(
    database: Database, workspace: str, tmp_path: Path, pack: type
) -> None:
    path = tmp_path / "orders.packed"
    packed = pack(f"{HEADER}\n{SUMMER}\n{WINTER}\n".encode())
    path.write_bytes(packed[:-12])
    with pytest.raises(Invalid, match="damaged or cut off"):
        import_orders(database, workspace, path)

    path.write_bytes(packed)
    assert import_orders(database, workspace, path).rows == 2
    assert len(orders(database, workspace)) == 2


def test_a_file_that_is_not_there_is_said_so(database: Database, workspace: str, tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="cannot be opened"):
        import_orders(database, workspace, tmp_path / "nothing.csv")


def test_progress_ends_at_the_end_of_the_file(database: Database, workspace: str, tmp_path: Path) -> None:
    path = written(tmp_path, SUMMER, WINTER)
    told: list[tuple[int, int, int]] = []

    import_orders(database, workspace, path, progress=lambda done, *now: told.append((done.rows, *now)))

    assert told[-1] == (2, path.stat().st_size, path.stat().st_size)


CELL = st.text(alphabet=st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n\t"), max_size=12)


@given(rows=st.lists(st.lists(CELL, max_size=9), max_size=12))
def test_whatever_stands_in_the_cells_each_line_is_taken_or_counted(
    database: Database, shop: str, tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]
) -> None:
    import csv

    path = tmp_path_factory.mktemp("any") / "orders.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows(rows)

    done: Outcome = import_orders(database, shop, path)

    assert done.refused <= done.rows <= len(rows)
    assert bool(done.rejected or done.events or done.known) == bool(done.rows)


@pytest.fixture(scope="module")
def shop(database: Database) -> str:
    from regulars.access.workspaces import create_workspace

    create_workspace(database, "any_orders", "Any orders")
    return "any_orders"
