"""The first line of a table: names of columns, each once."""

from collections.abc import Iterable

from regulars.words.errors import Invalid

MOST_COLUMNS = 1_000
LONGEST = 200


def named(cells: Iterable[object]) -> list[str]:
    """Return the names of columns: what has none is called by its place, what is there twice is told apart.

    Raise Invalid for what cannot be the first line of a table.
    """
    written = ["" if cell is None else str(cell).replace("\0", "").strip() for cell in cells]
    while written and not written[-1]:
        written.pop()
    if not written:
        raise Invalid("The first line must name the columns, and is empty.")
    if len(written) > MOST_COLUMNS:
        raise Invalid("The first line names {number} columns; at most {most}.", number=len(written), most=MOST_COLUMNS)
    names: dict[str, None] = {}
    again: dict[str, int] = {}
    for place, text in enumerate(written, start=1):
        name, short = text[:LONGEST] or f"column {place}", text[:LONGEST]
        while name in names:
            again[short] = again.get(short, 1) + 1
            name = f"{short} ({again[short]})"
        names[name] = None
    return list(names)
