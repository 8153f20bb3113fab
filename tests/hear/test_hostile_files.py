"""Files that are made to keep somebody busy: what is looked at is bounded."""

import gzip
import json

import pytest

from regulars.hear.imports import guessing
from regulars.hear.imports.guessing import guess
from regulars.hear.imports.headers import named
from regulars.hear.imports.packing import MOST_EMPTY
from regulars.words.errors import Invalid


def test_what_a_column_is_is_guessed_by_the_beginning_of_its_cells(tmp_path, monkeypatch):
    """Shapes are searched for from each place of a cell on: a long one would take the square of its length."""
    seen = []

    def understood(found, by_column, *rest):
        seen.extend(len(text) for column in by_column for text in column)
        return before(found, by_column, *rest)

    before = guessing._understood
    monkeypatch.setattr(guessing, "_understood", understood)
    path = tmp_path / "long.csv"
    path.write_text(f"email,price\na@b.example,${'1' * 130_000}\n")

    assert guess(path).columns == ["email", "price"]
    assert max(seen) <= guessing._TELLING


@pytest.mark.parametrize("name", ["lines.csv", "lines.csv.gz", "lines.ndjson"])
def test_a_file_of_empty_lines_is_refused_and_not_read_to_its_end(tmp_path, name):
    path = tmp_path / name
    first = json.dumps({"email": "a@b.example"}) if "json" in name else "email\na@b.example"
    body = (first + "\n" * (MOST_EMPTY + 10) + "x").encode()
    path.write_bytes(gzip.compress(body) if name.endswith("gz") else body)

    with pytest.raises(Invalid, match="more empty lines than any table"):
        guess(path)


def test_columns_of_one_name_are_told_apart():
    assert named(["a", "a", "a (2)", "a", "", "b"]) == ["a", "a (2)", "a (2) (2)", "a (3)", "column 5", "b"]
    assert len(set(named(["same"] * 1000))) == 1000
