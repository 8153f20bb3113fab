"""A chart is its table, and its table is taken along as CSV: the one that the page shows, in the reader's words.

The address of the page, with `table=NAME`, gives the table that calls itself so (`<table data-table="NAME">`). What is
drawn only is marked `data-drawn` and left out; a cell whose text is written for people (12 %) says its number in
`data-n`. Rows that stand under a head of their own (`scope="rowgroup"`) begin with it; what those heads are the table
says in `data-group`. Tables of one name are one file: each says in `data-each` what its rows begin with. So no chart
needs anything of its own, and what is taken along is never other than what is seen.
"""

from html.parser import HTMLParser

from litestar import Response

from regulars.web.table import rows
from regulars.words.errors import Unknown

ASKED = "table"
"""What the address calls the table that is wanted."""
_CELLS = frozenset({"th", "td"})
_UNSEEN = frozenset({"svg"})


def as_file(page: Response[str], name: str) -> Response[str]:
    """Return a table of a page as CSV; raise Unknown where the page has no such table."""
    reader = _Reader(name)
    reader.feed(page.content)
    if not reader.found:
        raise Unknown("There is no such table on this page.")
    safe = "".join(one if one.isascii() and one.isalnum() else "-" for one in name)[:60]
    return Response(
        rows(reader.lines),
        media_type="text/csv",
        headers={"content-disposition": f'attachment; filename="{safe}.csv"'},
    )


class _Reader(HTMLParser):
    """Reads the one table; `lines` are its rows, heads first, each of texts and numbers."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name, self.found = name, False
        self.lines: list[list[object]] = []
        self._inside = self._unseen = self._again = False
        self._group: str | None = None
        self._each: str | None = None
        self._cell: dict[str, str | None] | None = None
        self._text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "table":
            self._inside = given.get("data-table") == self.name
            self._again = self._inside and self.found
            if self._inside:
                self.found, self._group, self._each = True, given.get("data-group"), given.get("data-each")
        elif tag == "thead" and self._again:
            self._inside = False
        elif self._inside and tag == "tbody" and self._each is not None:
            self._group = self._each
        elif self._inside and tag == "tr":
            self.lines.append([] if self._group is None else [self._group])
        elif self._inside and tag in _CELLS:
            self._cell, self._text = given, []
        elif tag in _UNSEEN:
            self._unseen = True

    def handle_endtag(self, tag: str) -> None:
        if tag == "table":
            self._inside = self._again = False
        elif tag == "thead" and self._again:
            self._inside = True
        elif tag in _UNSEEN:
            self._unseen = False
        elif self._cell is not None and tag in _CELLS:
            self._end(self._cell)
            self._cell = None

    def _end(self, cell: dict[str, str | None]) -> None:
        if "data-drawn" in cell:
            return
        number, text = cell.get("data-n"), " ".join(" ".join(self._text).split())
        if cell.get("scope") == "rowgroup":
            self._group = text
            self.lines.pop()
        else:
            self.lines[-1].append(text if number is None else _number(number))

    def handle_data(self, data: str) -> None:
        if self._cell is not None and not self._unseen:
            self._text.append(data)


def _number(text: str) -> object:
    """Return a number as it is written in a page's source; '' where there is none."""
    try:
        return int(text) if text.lstrip("-").isdecimal() else float(text)
    except ValueError:
        return text
