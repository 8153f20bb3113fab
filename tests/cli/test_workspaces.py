"""Workspaces at the command line: made, taken along, deleted by their name, and taken back."""

import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.cli.houses import regulars


@pytest.fixture(scope="module")
def data() -> Iterator[str]:
    folder = tempfile.mkdtemp(prefix="regulars-workspaces-")
    made = regulars(
        "workspace", "create", "gifts", "--title", "The Gift House", "--zone", "Europe/Riga", "--data", folder
    )
    assert made.returncode == 0, made.stderr
    yield folder
    shutil.rmtree(folder)


def test_everything_is_written_into_one_file(data: str, tmp_path: Path) -> None:
    file = tmp_path / "gifts.zip"
    done = regulars("workspace", "export", "gifts", str(file), "--data", data)
    assert done.returncode == 0, done.stderr
    assert "has everything of 'gifts'" in done.stdout
    assert file.stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(file) as made:
        assert b"Europe/Riga" in made.read("workspace.jsonl")
        assert "customers.jsonl" in made.namelist()
    assert list(tmp_path.iterdir()) == [file]


def test_what_cannot_be_written_is_one_clear_line(data: str, tmp_path: Path) -> None:
    done = regulars("workspace", "export", "gifts", str(tmp_path / "none" / "x.zip"), "--data", data)
    assert done.returncode == 1
    assert "cannot be written" in done.stderr
    assert "Traceback" not in done.stderr


def test_one_is_deleted_by_its_name_and_taken_back(data: str) -> None:
    refused = regulars("workspace", "delete", "gifts", "--sure", "gift", "--data", data)
    assert (refused.returncode, "Nothing was deleted" in refused.stderr) == (1, True)
    assert regulars("workspace", "delete", "gifts", "--sure", "gifts", "--data", data).returncode == 0
    assert "deleted, gone on" in regulars("workspace", "list", "--data", data).stdout
    again = regulars("workspace", "delete", "gifts", "--sure", "gifts", "--data", data)
    assert (again.returncode, "was deleted" in again.stderr) == (1, True)
    assert regulars("workspace", "take-back", "gifts", "--data", data).returncode == 0
    assert "deleted" not in regulars("workspace", "list", "--data", data).stdout
