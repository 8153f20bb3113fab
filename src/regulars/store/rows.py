"""Rows of the database as values of ours."""

from typing import Any, TypeVar

from psycopg.rows import BaseRowFactory, RowMaker, kwargs_row

T = TypeVar("T")


def rows_of(into: type[T]) -> BaseRowFactory[T]:
    """Make rows of columns by name: by place, in half the time, where they stand in the order of its fields."""

    def made(cursor: Any) -> RowMaker[T]:
        columns = tuple(column.name for column in cursor.description or ())
        fields: tuple[str, ...] = getattr(into, "__struct_fields__", ())
        if columns and columns == fields[: len(columns)]:
            return lambda values: into(*values)
        return kwargs_row(into)(cursor)

    return made
