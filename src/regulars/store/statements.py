"""SQL is first-class: each room keeps its statements, named and described, in a `records.sql` beside its `records.py`.

    -- name: find_customer
    -- One customer by id, or nothing.
    select ... where id = %(id)s::bigint;

Parameters are psycopg's `%(name)s`. Every statement is prepared against a real PostgreSQL in the tests.
"""

import re
from collections.abc import Iterator, Mapping
from importlib.resources import files

_HEAD = re.compile(r"^-- name: (\w+)$", re.MULTILINE)


class Statement(bytes):
    """One SQL statement, as psycopg takes it."""


class Statements(Mapping[str, Statement]):
    """The named statements of one `records.sql`."""

    def __init__(self, text: str, source: str) -> None:
        parts = _HEAD.split(text)
        self.source = source
        self._by_name = {
            name: Statement(body.strip().removesuffix(";").encode())
            for name, body in zip(parts[1::2], parts[2::2], strict=True)
        }
        if len(self._by_name) * 2 != len(parts) - 1:
            raise ValueError(f"{source}: a statement's name stands twice")

    def __getitem__(self, name: str) -> Statement:
        return self._by_name[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_name)

    def __len__(self) -> int:
        return len(self._by_name)


def load(package: str, name: str = "records.sql") -> Statements:
    """Read the statements that lie beside a package's `records.py`; `package` is its `__package__`."""
    return Statements((files(package) / name).read_text(encoding="utf-8"), f"{package}/{name}")
