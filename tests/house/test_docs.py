"""The docs cannot fall behind: whatever they name is looked up."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from tests.house.plan import PACKAGE, ROOMS, ROOT, list_of, named

DOCS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
DECISIONS = sorted((ROOT / "docs" / "adr").glob("*.md"))
_BLOCK = re.compile(r"^```\w*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"`([^`\n]+)`")
_PICTURE = re.compile(r"!\[([^\]]*)\]\(([^)#\s]+)\)")
_HEAVY, _HEAVY_IN_ALL = 120_000, 1_800_000
_LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)[^)]*\)")
_PATH = re.compile(
    r"(?:src|tests|docs|tools|benchmarks|\.ci)/[\w./*<>-]+|\w+/[\w./-]*\w\.(?:py|sql|md|html|css|json|toml)"
)


def test_every_path_that_the_docs_name_exists():
    found = [
        f"{named(doc)}: {path} does not exist"
        for doc in DOCS
        for path in sorted(set(_PATH.findall(_LINK.sub("", doc.read_text(encoding="utf-8")))))
        if not _exists(path.rstrip(".")) and not path.startswith(("http", "f/", "api/openapi.json"))
    ]
    assert not found, list_of(found)


def test_every_link_of_the_docs_leads_somewhere():
    found = [
        f"{named(doc)}: {target}"
        for doc in DOCS
        for target in _LINK.findall(doc.read_text(encoding="utf-8"))
        if "://" not in target and not (doc.parent / target).exists()
    ]
    assert not found, "Links that lead nowhere:" + list_of(found)


def test_every_make_target_that_the_docs_name_exists():
    targets = set(re.findall(r"^([a-z][\w-]*):(?!=)", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    found = [
        f"{named(doc)}: 'make {target}' is no target of the Makefile"
        for doc in DOCS
        for code in _code(doc)
        for target in re.findall(r"\bmake ([a-z][\w-]*)", code)
        if target not in targets
    ]
    assert not found, list_of(found)


def test_every_command_that_the_docs_name_exists():
    from regulars import cli

    found = [
        f"{named(doc)}: '{line}': {problem}"
        for doc in DOCS
        for code in _code(doc)
        for line in re.findall(r"(?:^|[\s/(])(regulars [a-z][^\n|#&;]*)", code)
        if (problem := _problem(cli._regulars, shlex.split(line)[1:]))
    ]
    assert not found, list_of(found)


def test_every_setting_that_the_docs_name_exists():
    from regulars.settings import PREFIX, Settings

    there = {f"{PREFIX}{name.upper()}" for name in Settings.__struct_fields__}
    found = [
        f"{named(doc)}: there is no setting {name}"
        for doc in DOCS
        for name in sorted(set(re.findall(rf"\b{PREFIX}[A-Z_]+", doc.read_text(encoding="utf-8"))) - there)
    ]
    assert not found, list_of(found)


def test_the_map_knows_every_room():
    text = (ROOT / "docs" / "map.md").read_text(encoding="utf-8")
    missing = [room for room in ROOMS if not re.search(rf"^ {room} {{2,}}\w", text, re.MULTILINE)]
    assert not missing, f"The picture of the rooms in docs/map.md leaves out {missing}"


def test_every_room_says_what_it_is():
    for room in ROOMS:
        module = PACKAGE / room / "__init__.py" if (PACKAGE / room).is_dir() else PACKAGE / f"{room}.py"
        assert module.read_text(encoding="utf-8").startswith('"""'), f"{named(module)} wants a sentence on top"


def test_decisions_are_numbered_without_gaps():
    numbers = [int(path.name[:4]) for path in DECISIONS]
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_fits_on_a_page(path: Path):
    text = path.read_text(encoding="utf-8")
    assert re.match(rf"# {int(path.name[:4])}\. \w", text), f"{path.name} begins with '# <number>. <what was decided>'"
    for heading in ("## What was decided", "## Why", "## What follows"):
        assert heading in text, f"{path.name} has no '{heading}'"
    assert len(text.splitlines()) <= 60, f"{path.name} is longer than a page"


def _exists(path: str) -> bool:
    if "<" in path:  # a place for a name: what stands before it must be there
        path = path[: path.index("<")].rpartition("/")[0]
    return any(list(folder.glob(path.rstrip("/"))) for folder in (ROOT, PACKAGE, PACKAGE / "web"))


def _code(doc: Path) -> Iterator[str]:
    """What a document shows as code: its blocks, and its spans outside them."""
    text = doc.read_text(encoding="utf-8")
    yield from _BLOCK.findall(text)
    yield from _SPAN.findall(_BLOCK.sub("", text))


def _problem(command: click.Command, words: list[str]) -> str | None:
    """Why a command line cannot be meant, or None. Values are not looked at."""
    names = list(words)
    while isinstance(command, click.Group) and names and not names[0].startswith("-"):
        name = names.pop(0)
        inner = command.get_command(click.Context(command), name)
        if inner is None:
            return f"there is no command '{name}'"
        command = inner
    there = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
    there |= {"-h", "--help", "--version"}
    unknown = [word.partition("=")[0] for word in names if word.startswith("-") and word.partition("=")[0] not in there]
    return f"there is no option {unknown[0]}" if unknown else None


def test_every_picture_of_the_docs_is_there_says_what_is_seen_and_is_small():
    named_ones = {
        (doc.parent / target).resolve(): (doc, words)
        for doc in DOCS
        for words, target in _PICTURE.findall(doc.read_text(encoding="utf-8"))
    }
    there = set((ROOT / "docs").rglob("*.png"))
    assert named_ones
    assert named_ones.keys() == there, "docs name pictures that are not there, or there are pictures that nobody sees"
    wordless = [f"{named(doc)}: '{words}'" for doc, words in named_ones.values() if len(words.split()) < 8]
    assert not wordless, "Say what is seen, for who does not see it:" + list_of(wordless)
    assert {path.name for path in there if path.stat().st_size > _HEAVY} == set()
    assert sum(path.stat().st_size for path in there) < _HEAVY_IN_ALL
