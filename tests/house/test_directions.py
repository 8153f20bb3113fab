"""Who may know whom: import-linter reads the contracts in pyproject.toml."""

import ast
import os
import subprocess
import sys
from pathlib import Path

from tests.house.plan import PACKAGE, ROOMS, ROOT, list_of, named, python_of_package

_TALKS = {"all", "one", "rows", "values", "value", "run", "stream", "many"}


def test_every_import_follows_the_plan():
    lint = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [lint, "--no-logo", "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False, env=os.environ
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_folder_list_is_the_plan():
    folders = {p.stem for p in PACKAGE.iterdir() if (p / "__init__.py").is_file() or p.suffix == ".py"}
    missing = folders - set(ROOMS) - {"__init__", "__main__"}
    assert not missing, f"Rooms that the layers contract in pyproject.toml does not name: {sorted(missing)}"
    gone = set(ROOMS) - folders
    assert not gone, f"Rooms that the layers contract names and that do not exist: {sorted(gone)}"


def test_only_records_talk_to_the_store():
    """A room runs its SQL in `records.py`, or where that grows too long in `<idea>_records.py`; the store anywhere."""
    found = [
        f"{named(path)}:{call.lineno} calls {ast.unparse(call.func)}(): put it into the room's records.py"
        for path in python_of_package()
        if not path.name.endswith("records.py") and PACKAGE / "store" not in path.parents
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and _talks(call.func)
    ]
    assert not found, list_of(found)


def _talks(function: ast.expr) -> bool:
    """`tx.rows(...)`, `batch.tx.run(...)`, `tx.connection.execute(...)`."""
    if not isinstance(function, ast.Attribute):
        return False
    if function.attr in _TALKS:
        return _last(function.value) == "tx"
    return function.attr in {"execute", "executemany", "cursor", "copy"} and _last(function.value) == "connection"


def _last(value: ast.expr) -> str:
    return value.id if isinstance(value, ast.Name) else value.attr if isinstance(value, ast.Attribute) else ""


def test_every_room_has_its_tests():
    """`words`, `settings` and `wiring` are one thought each, and are tested by all that use them."""
    missing = [
        room for room in ROOMS if (PACKAGE / room).is_dir() and not list((ROOT / "tests" / room).rglob("test_*.py"))
    ]
    assert not set(missing) - {"words"}, f"Rooms without tests in tests/<room>/: {missing}"
