"""Every error fills the places of its text: a text that cannot be filled would hide what went wrong."""

import ast
from collections.abc import Iterator
from string import Formatter

from tests.house.plan import list_of, named, python_of_package

import regulars.words.errors as tree

_NAMES = {name for name, one in vars(tree).items() if isinstance(one, type) and issubclass(one, tree.RegularsError)}


def test_an_error_is_given_exactly_what_its_text_names():
    found: list[str] = []
    texts = 0
    for path in python_of_package():
        for call, text in _raised(ast.parse(path.read_text(encoding="utf-8"))):
            texts += 1
            if any(keyword.arg is None for keyword in call.keywords):
                continue
            given = {keyword.arg for keyword in call.keywords}
            if (wanted := {place for _, place, _, _ in Formatter().parse(text) if place is not None}) != given:
                found.append(f"{named(path)}:{call.lineno}: places {sorted(wanted)}, values {sorted(given)}")
    assert texts > 100
    assert not found, list_of(found)


def test_braces_that_are_meant_stand_twice():
    assert str(tree.Invalid('write {{"all": []}}')) == 'write {"all": []}'
    assert str(tree.Invalid("{place}: write {{}}", place="here")) == "here: write {}"


def _raised(module: ast.Module) -> Iterator[tuple[ast.Call, str]]:
    """The errors that are made with a text that stands there."""
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _NAMES and node.args:
            text = node.args[0]
            if isinstance(text, ast.Constant) and isinstance(text.value, str):
                yield node, text.value
