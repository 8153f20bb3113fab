"""How large things may grow. Think at 300 lines, stop at 400; the exceptions may only shrink."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.house.plan import ROOT, files_of_project, list_of, named, python_of_package

MODULE = 300
MODULE_AT_MOST = 400
CLASS = 250
FUNCTION = 50
TEST_FILE = 500

EXCEPTIONS: dict[str, int] = {}
"""Modules that are longer than 300 lines today, each with the length it may not exceed. Numbers go down, never up."""

_FORBIDDEN = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers", "base", "core", "service"}
_FORBIDDEN |= {"services"}


def test_a_module_stays_short():
    found = [
        f"{named(path)} has {length} lines, of {limit}: split it by idea"
        for path in python_of_package()
        if (length := _lines(path)) > (limit := EXCEPTIONS.get(named(path), MODULE))
    ]
    assert not found, list_of(found)


def test_exceptions_only_shrink():
    for name, limit in EXCEPTIONS.items():
        path = ROOT / name
        assert path.is_file(), f"{name} is gone: take it off the list of exceptions"
        assert limit <= MODULE_AT_MOST, f"{name}: no exception goes beyond {MODULE_AT_MOST} lines"
        length = _lines(path)
        assert length > MODULE, f"{name} has {length} lines, which needs no exception any more: take it off the list"


def test_a_class_and_a_function_stay_short():
    found: list[str] = []
    for path in [*python_of_package(), *(path for path in files_of_project() if _is_test(path))]:
        for node, length in _definitions(path):
            limit = CLASS if isinstance(node, ast.ClassDef) else FUNCTION
            if length > limit:
                found.append(f"{named(path)}:{node.lineno} {node.name} has {length} lines, of {limit}")
    assert not found, list_of(found)


def test_a_test_file_stays_readable():
    found = [
        f"{named(path)} has {length} lines, of {TEST_FILE}: split it by what it is about"
        for path in files_of_project()
        if _is_test(path) and (length := _lines(path)) > TEST_FILE
    ]
    assert not found, list_of(found)


def test_every_file_is_named_after_what_it_is_about():
    found = [
        f"{named(path)}: '{part}' says nothing; name it after its idea"
        for path in files_of_project()
        for part in (*path.relative_to(ROOT).parts[:-1], path.stem)
        if part.lower().strip("_") in _FORBIDDEN
    ]
    assert not found, list_of(found)


def _is_test(path: Path) -> bool:
    return path.suffix == ".py" and ROOT / "tests" in path.parents


def _lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def _definitions(path: Path) -> Iterator[tuple[ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef, int]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield node, (node.end_lineno or node.lineno) - node.lineno + 1
