"""Files as people bring them, written for tests."""

import struct
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

import duckdb

from regulars.hear.imports.guessing import guess
from regulars.hear.imports.plan import Plan, What
from regulars.hear.imports.running import Import, Outcome
from regulars.store import records
from regulars.store.database import Database
from regulars.store.records import Event
from regulars.words.clock import utc_now

_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml'
    '.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-'
    'officedocument.spreadsheetml.worksheet+xml"/></Types>'
)
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="r1" Type="{_OFFICE}/{{kind}}" Target="{{target}}"/></Relationships>'
)
_BOOK = (
    '<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    f'xmlns:r="{_OFFICE}"><sheets><sheet name="People" sheetId="1" r:id="r1"/></sheets></workbook>'
)
_SHEET = (
    '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    "<sheetData>{rows}</sheetData></worksheet>"
)


def csv_file(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "file.csv"
    path.write_bytes(text.encode(encoding))
    return path


def excel_file(folder: Path, rows: Sequence[Sequence[object]], more: str = "") -> Path:
    """Write a workbook; a cell that starts with = is a formula that shows what follows the |."""
    path = folder / "file.xlsx"
    lines = "".join(f"<row>{''.join(_cell(value) for value in row)}</row>" for row in rows) + more
    with ZipFile(path, "w", ZIP_DEFLATED) as book:
        book.writestr("[Content_Types].xml", _TYPES)
        book.writestr("_rels/.rels", _RELATIONS.format(kind="officeDocument", target="xl/workbook.xml"))
        book.writestr("xl/workbook.xml", _BOOK)
        book.writestr("xl/_rels/workbook.xml.rels", _RELATIONS.format(kind="worksheet", target="worksheets/sheet1.xml"))
        book.writestr("xl/worksheets/sheet1.xml", _SHEET.format(rows=lines))
    return path


def _cell(value: object) -> str:
    if isinstance(value, int | float):
        return f"<c><v>{value}</v></c>"
    text = str(value)
    if text.startswith("="):
        formula, _, shown = text[1:].partition("|")
        return f'<c t="str"><f>{escape(formula)}</f><v>{escape(shown)}</v></c>'
    return f'<c t="inlineStr"><is><t>{escape(text)}</t></is></c>'


def parquet_file(folder: Path, query: str) -> Path:
    path = folder / "file.parquet"
    duckdb.execute(f"copy ({query}) to '{path}' (format parquet)")
    return path


def lying_zip(path: Path) -> Path:
    """Make the directory of a workbook say that its sheet is small."""
    data = bytearray(path.read_bytes())
    for at in _places(data, b"PK\x01\x02"):
        struct.pack_into("<I", data, at + 24, 100)
    path.write_bytes(data)
    return path


def _places(data: bytearray, mark: bytes) -> Iterator[int]:
    at = data.find(mark)
    while at >= 0:
        yield at
        at = data.find(mark, at + 1)


def taken(database: Database, workspace: str, path: Path, what: What, **said: object) -> Outcome:
    """Import a file as it is guessed, but for what is said."""
    import msgspec

    plan: Plan = msgspec.structs.replace(guess(path, what).plan, **said)
    return Import(path, plan, utc_now()).run(database, workspace)


def events(database: Database, workspace: str, kind: str | None = None) -> list[Event]:
    with database.workspace(workspace) as tx:
        return records.list_events(tx, kind=kind, before=None, limit=10_000)[::-1]


def packed(parts: dict[str, bytes]) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as book:
        for name, part in parts.items():
            book.writestr(name, part)
    return out.getvalue()
