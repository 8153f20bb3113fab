import gzip
import lzma
import resource
import tracemalloc
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from tests.hear.tables import csv_file, excel_file, lying_zip, packed, parquet_file

from regulars.hear.imports.guessing import guess
from regulars.hear.imports.plan import Reading, Unreadable
from regulars.hear.imports.ready import READY
from regulars.hear.imports.sheets import open_sheet
from regulars.hear.imports.values import Values
from regulars.words.errors import Invalid, RegularsError, TooLarge

LATVIAN = "E-pasts,Vārds,Pilsēta\nieva@example.com,Ieva Kalniņa,Rīga\nzane@example.com,Zane Bērziņa,Jūrmala\n"
GERMAN = "E-Mail;Vorname;Größe;Ort\nmax@example.com;Jürgen;39,5;Köln\nida@example.com;Zoë;41,0;Düsseldorf\n"
CHINESE = (
    "電子郵件,姓名,城市\nming@example.com,王小明,臺北市\nmei@example.com,陳美玲,高雄市\nhua@example.com,李大華,臺中市\n"
)
SIMPLIFIED = (
    "电子邮件,姓名,城市,备注\n"
    "ming@example.com,王小明,北京市,他喜欢喝茶和看书\nmei@example.com,陈美玲,广州市,生日在五月份\n"
)


@pytest.mark.parametrize(
    ("text", "encoding", "found"),
    [
        (LATVIAN, "utf-8", "utf-8"),
        (LATVIAN, "utf-8-sig", "utf-8"),
        (LATVIAN, "utf-16", "utf-16-le"),
        (LATVIAN, "utf-16-be", "utf-16-be"),
        (LATVIAN, "utf-16-le", "utf-16-le"),
        (GERMAN, "latin-1", "cp1252"),
        (SIMPLIFIED, "gb18030", "gb18030"),
        (CHINESE, "utf-8", "utf-8"),
    ],
)
def test_an_encoding_is_recognised_and_nothing_is_mangled(tmp_path: Path, text: str, encoding: str, found: str) -> None:
    looked = guess(csv_file(tmp_path, text, encoding), "customers")

    assert looked.plan.reading.encoding == found
    separator = ";" if ";" in text else ","
    assert looked.rows == [line.split(separator) for line in text.splitlines()[1:]]


def test_letters_far_into_a_large_file_are_seen(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "email,city\n" + "someone@example.com,Berlin\n" * 60_000 + GERMAN * 200, "latin-1")

    assert guess(path, "customers").plan.reading.encoding == "cp1252"


def test_separator_comma_and_columns_are_guessed_in_german(tmp_path: Path) -> None:
    plan = guess(csv_file(tmp_path, GERMAN), "customers").plan

    assert (plan.reading.separator, plan.reading.decimal) == (";", ",")
    assert dict(plan.columns) == {
        "E-Mail": "email", "Vorname": "fact:first_name", "Größe": "fact:größe:number", "Ort": "fact:city"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("days", "order"),
    [(["03/05/2026", "28/05/2026"], "dmy"), (["05/03/2026", "05/28/2026"], "mdy"), (["2026-05-03"], "ymd")],
)
def test_the_order_of_days_is_guessed(tmp_path: Path, days: list[str], order: str) -> None:
    lines = "".join(f"a{n}@example.com,{day}\n" for n, day in enumerate(days))

    assert guess(csv_file(tmp_path, f"email,born\n{lines}"), "customers").plan.reading.dates == order


def test_amounts_with_their_thousands_apart_are_numbers_and_telephones_are_none(tmp_path: Path) -> None:
    path = tmp_path / "kunden.csv"
    path.write_text("E-Mail;Umsatz;Filiale\na@b.example;1.234,05;0151\nc@d.example;12,10;0170\n", encoding="utf-8")
    columns = guess(path).plan.columns
    assert (columns["Umsatz"], columns["Filiale"]) == ("fact:umsatz:number", "fact:filiale")


def test_a_column_of_addresses_is_found_by_its_values(tmp_path: Path) -> None:
    plan = guess(csv_file(tmp_path, "wie,wer\nx,ida@example.com\ny,max@example.com\n"), "customers").plan

    assert plan.columns["wer"] == "email"


@pytest.mark.parametrize("ready", READY, ids=lambda one: one.name)
def test_the_export_of_another_program_is_recognised(tmp_path: Path, ready: object) -> None:
    columns = list(ready.columns)  # type: ignore[attr-defined]
    looked = guess(csv_file(tmp_path, ",".join(columns) + "\n" + "," * (len(columns) - 1) + "\n"))

    assert looked.program == ready.title  # type: ignore[attr-defined]
    assert looked.plan.what == "customers"
    assert "email" in looked.plan.columns.values()


def test_parquet_excel_and_ndjson_are_read_with_their_types(tmp_path: Path) -> None:
    parquet = parquet_file(
        tmp_path, "select 'ida@example.com' as email, 39.5 as size, timestamp '2026-05-03 10:00' as at"
    )
    excel = excel_file(tmp_path, [["email", "size"], ["ida@example.com", 39.5], ["=A2|max@example.com", 17850.0]])
    lines = tmp_path / "file.ndjson"
    lines.write_text('{"email": "ida@example.com", "address": {"city": "Riga"}}\n{"email": null, "likes": ["tea"]}\n')

    with open_sheet(parquet, guess(parquet).plan.reading) as sheet:
        assert [list(row) for row in sheet.rows()] == [
            ["ida@example.com", Decimal("39.5"), datetime.fromisoformat("2026-05-03T10:00")]
        ]
    with open_sheet(excel, guess(excel).plan.reading) as sheet:
        assert [list(row) for row in sheet.rows()] == [["ida@example.com", 39.5], ["max@example.com", 17850.0]]
    with open_sheet(lines, guess(lines).plan.reading) as sheet:
        assert sheet.columns == ["email", "address.city", "likes"]
        assert list(sheet.rows()) == [["ida@example.com", "Riga", None], [None, None, ["tea"]]]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, "no table"),
        (b"\n\n\n", "must name the columns"),
        (b"email\n" + b"x" * 3_000_000, "longer than any table"),
        (b"a," * 2_000_000, "longer than any table"),
        (b"a," * 5_000 + b"b\n1\n", "5001 columns"),
        (b'email\n"never closed,' + b"line\n" * 2_000_000, "is not CSV|longer than any table"),
        (gzip.compress(b"email\n" + b"x" * 50_000_000), "longer than any table"),
        (gzip.compress(b"email\nida@example.com\n" * 90_000)[:-900], "damaged"),
        (b"PAR1 but no parquet" * 9, "Parquet file is damaged"),
        (b"PK\x03\x04 but no zip" * 9, "workbook is damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "workbook is damaged"),
        (packed({"contacts.csv": b"email\n"}), "Unpack it"),
        (b'[{"email": "ida@example.com"}]', "NDJSON has one on each line"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_table_is_said_in_words(tmp_path: Path, data: bytes, said: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(data)

    with pytest.raises(RegularsError, match=said):
        _read_all(path)


def _read_all(path: Path) -> None:
    with open_sheet(path, guess(path, "customers").plan.reading) as sheet:
        for _ in sheet.rows():
            pass


def test_a_workbook_that_unpacks_to_more_than_it_may_is_not_opened(tmp_path: Path) -> None:
    bomb = excel_file(tmp_path, [["email"]], "<row><c><v>1</v></c></row>" * 12_000_000)

    with pytest.raises(TooLarge, match="unpacks to more than 300 MB"):
        _read_all(bomb)
    with pytest.raises(Invalid, match="damaged"):
        _read_all(lying_zip(bomb))


def test_headers_that_are_empty_or_there_twice_are_told_apart(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "email,,name,name\nida@example.com,x,Ida,Ida B.\n")

    assert guess(path, "customers").columns == ["email", "column 2", "name", "name (2)"]


@pytest.mark.parametrize(
    ("text", "decimal", "number"),
    [
        ("1,234.50", ".", "1234.50"), ("1.234,50", ",", "1234.50"), ("1 234,5", ",", "1234.5"), ("€12", ".", "12"),
        ("-3,5", ",", "-3.5"), ("(12.00)", ".", "-12.00"), ("1,23,456.5", ".", "123456.5"), ("12 EUR", ".", "12"),
        ("1,5", ".", None), ("1.5", ",", None), ("", ".", None), ("12a4", ".", None), ("NaN", ".", None),
    ],
)  # fmt: skip
def test_numbers_as_people_write_them(text: str, decimal: str, number: str | None) -> None:
    values = Values(Reading(decimal=decimal))  # type: ignore[arg-type]
    if number is None:
        with pytest.raises(Unreadable, match="no number"):
            values.number(text)
    else:
        assert values.number(text) == Decimal(number)


@pytest.mark.parametrize(
    ("text", "order", "moment"),
    [
        ("03.05.2026 14:30", "dmy", datetime(2026, 5, 3, 12, 30, tzinfo=UTC)),
        ("5/3/26 2:30 PM", "mdy", datetime(2026, 5, 3, 12, 30, tzinfo=UTC)),
        ("2026-05-03T14:30:00Z", "dmy", datetime(2026, 5, 3, 14, 30, tzinfo=UTC)),
        ("2026/5/3", "dmy", datetime(2026, 5, 2, 22, 0, tzinfo=UTC)),
        ("1777811400", "dmy", datetime(2026, 5, 3, 12, 30, tzinfo=UTC)),
        ("31/31/2026", "dmy", None),
        ("soon", "dmy", None),
    ],
)
def test_moments_by_the_clock_of_the_file(text: str, order: str, moment: datetime | None) -> None:
    values = Values(Reading(dates=order, zone="Europe/Berlin"))  # type: ignore[arg-type]
    if moment is None:
        with pytest.raises(Unreadable, match="no date"):
            values.moment(text)
    else:
        assert values.moment(text) == moment


FAR = '<row r="{row}"><c r="XFD{row}"><v>1</v></c></row>'


@pytest.mark.parametrize("row", [1_048_576, 20_000])
def test_a_workbook_whose_cells_are_far_apart_ends_no_process_but_its_own(tmp_path: Path, row: int) -> None:
    path = excel_file(tmp_path, [["email"], ["ida@example.com"]], FAR.format(row=row))

    with pytest.raises(TooLarge, match="unpacks to more than 2000 MB"):
        _read_all(path)


def test_a_workbook_says_days_and_knows_its_sheets(tmp_path: Path) -> None:
    days = '<row><c t="d"><v>2026-05-03T10:00:00</v></c><c t="b"><v>1</v></c></row>'
    path = excel_file(tmp_path, [["at", "paid"]], days)

    with open_sheet(path, Reading(format="excel", sheet="People")) as sheet:
        assert list(sheet.rows()) == [[datetime.fromisoformat("2026-05-03T10:00"), True]]
        assert sheet.read == (1, 1)
    with pytest.raises(Invalid, match="no sheet 'Orders'"):
        _open(path, Reading(format="excel", sheet="Orders"))


def _open(path: Path, reading: Reading) -> None:
    with open_sheet(path, reading):
        pass


def test_long_lines_are_not_all_held_to_see_which_columns_there_are(tmp_path: Path) -> None:
    path = tmp_path / "file.ndjson.gz"
    path.write_bytes(gzip.compress(b'{"email": "ida@example.com", "note": "' + b"x" * 900_000 + b'"}\n', 1) * 60)

    assert _most_of(lambda: guess(path)) < 20_000_000
    with open_sheet(path, Reading(format="ndjson")) as sheet:
        assert sum(1 for _ in sheet.rows()) == 60


def test_long_rows_of_csv_are_not_all_held_to_see_what_they_are(tmp_path: Path) -> None:
    path = tmp_path / "file.csv.gz"
    row = b"ida@example.com" + (b"," + b"x" * 90_000) * 10 + b"\n"
    path.write_bytes(gzip.compress(b"email,1,2,3,4,5,6,7,8,9,10\n") + gzip.compress(row, 1) * 60)

    assert _most_of(lambda: guess(path)) < 30_000_000


def _most_of(what: Callable[[], object]) -> int:
    """Return how many bytes were held at once."""
    tracemalloc.start()
    try:
        what()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("column", ["repeat('x', 5000000)", "[repeat('x', 2000000)]", "repeat('x', 5000000)::blob"])
def test_a_text_that_stands_in_every_row_of_a_parquet_file_is_not_read_over_and_over(
    tmp_path: Path, column: str
) -> None:
    path = parquet_file(tmp_path, f"select 'ida@example.com' as email, {column} as note from range(50)")

    def read() -> None:
        with pytest.raises(Invalid, match=r"has a row that is longer than any table's|cannot be read"):
            _read_all(path)

    assert _most_of(read) < 5_000_000


def test_what_a_short_parquet_file_unpacks_to_is_bounded(tmp_path: Path) -> None:
    path = parquet_file(tmp_path, "select 'ida@example.com' as email, repeat('x', 900000) as note from range(3000)")
    assert path.stat().st_size < 50_000
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    assert guess(path, "customers").plan.columns["email"] == "email"
    with pytest.raises(Invalid, match="After line 1 the file has a row that is longer than any table's"):
        _read_all(path)

    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000


def test_long_rows_here_and_there_in_a_parquet_file_are_read_whole(tmp_path: Path) -> None:
    long = "case when i % 100 = 0 then repeat('x', 900000) else 'short' end"
    path = parquet_file(tmp_path, f"select i, {long} as note from range(5000) t (i)")

    with open_sheet(path, Reading(format="parquet")) as sheet:
        assert [len(note) for i, note in sheet.rows() if i % 100 == 0] == [900_000] * 50


def test_parquet_columns_may_be_called_anything(tmp_path: Path) -> None:
    path = parquet_file(tmp_path, """select 'ida@example.com' as "e""mail", 1 as long, ['tea'] as likes, null as t""")

    with open_sheet(path, Reading(format="parquet")) as sheet:
        assert sheet.columns == ['e"mail', "long", "likes", "t"]
        assert list(sheet.rows()) == [("ida@example.com", 1, ["tea"], None)]


def test_xz_is_unpacked_stream_by_stream_in_so_much_memory(tmp_path: Path) -> None:
    path = tmp_path / "file.csv.xz"
    rows = lzma.compress(b"ida@example.com\n" * 20_000)
    path.write_bytes(lzma.compress(b"email\n") + b"\0" * 8 + rows + b"\0" * 4)
    with open_sheet(path, guess(path, "customers").plan.reading) as sheet:
        assert sum(1 for _ in sheet.rows()) == 20_000
        assert sheet.read[0] == path.stat().st_size

    damaged = bytearray(rows)
    damaged[100] ^= 255
    for data in (bytes(damaged), rows[:-30], _asks_for(rows, 40)):
        path.write_bytes(data)
        with pytest.raises(Invalid, match="damaged"):
            _read_all(path)


def _asks_for(packed: bytes, size: int) -> bytes:
    """Return an xz file whose first block says that it needs a dictionary of 2^(size/2 + 12) bytes."""
    head = bytearray(packed[12:24])  # a block: its size, flags, and of LZMA2 the number, the length, the dictionary
    assert head[2:4] == b"\x21\x01"
    head[4] = size
    head[8:12] = zlib.crc32(head[:8]).to_bytes(4, "little")
    return packed[:12] + bytes(head) + packed[24:]
