import gzip
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
