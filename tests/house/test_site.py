"""The docs are a site, too: it builds, loads nothing from elsewhere, and leaves out no room and no table."""

import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from types import ModuleType

import pytest
from tests.house.plan import PACKAGE, ROOMS, ROOT, list_of, room_of_table

from regulars.settings import Settings
from regulars.speak.channel import Envelope, TryLater

CHAPTERS = ROOT / "docs" / "rooms"
_TABLE = re.compile(r"^create (?:unlogged )?table (\w+)", re.MULTILINE)
_DROPPED = re.compile(r"^drop table (\w+);", re.MULTILINE)
_ASSET = {("link", "href"), ("script", "src"), ("img", "src"), ("iframe", "src"), ("source", "src"), ("use", "href")}
_NO_ASSET = {"canonical", "next", "prev"}
_STYLE_ADDRESS = re.compile(r"url\(\s*['\"]?([^'\")]+)|@import\s+['\"]([^'\"]+)")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("docs") / "site"
    built = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", folder],
        cwd=ROOT,
        env=os.environ | {"NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stdout + built.stderr
    return folder


class _Assets(HTMLParser):
    """What a page has its browser load, and the addresses that its tags name for that."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "link" and dict(attrs).get("rel") in _NO_ASSET:
            return
        self.found += [value or "" for name, value in attrs if (tag, name) in _ASSET]


def test_it_builds_and_every_page_is_there(site: Path):
    missing = [
        name
        for path in sorted((ROOT / "docs").rglob("*.md"))
        if not (site / (name := path.relative_to(ROOT / "docs").with_suffix(".html"))).is_file()
    ]
    assert not missing


def test_no_page_loads_anything_from_elsewhere(site: Path):
    pages = sorted(site.rglob("*.html"))
    found = [
        f"{page.relative_to(site)}: {address}"
        for page in pages
        for address in _Assets(page).found
        if _is_elsewhere(address)
    ]
    found += [
        f"{sheet.relative_to(site)}: {address}"
        for sheet in sorted(site.rglob("*.css"))
        for pair in _STYLE_ADDRESS.findall(sheet.read_text(encoding="utf-8"))
        if _is_elsewhere(address := "".join(pair))
    ]
    assert pages
    assert not found, list_of(found)


def test_nothing_is_on_a_page_for_which_the_theme_would_ask_elsewhere(site: Path):
    """Diagrams and the figures of a repository are fetched by its script; a page that has neither fetches nothing."""
    for page in site.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert 'class="mermaid"' not in text, page
        assert 'data-md-component="source"' not in text, page


def test_every_room_has_its_chapter():
    assert {path.stem for path in CHAPTERS.glob("*.md")} == set(ROOMS)


@pytest.mark.parametrize("room", ROOMS)
def test_a_chapter_says_what_its_room_is_for_its_words_tables_promises_and_where_to_change_it(room: str):
    text = _chapter(room)
    assert text.startswith(f"# {room}\n\n"), f"{room}.md begins with its name"
    for part in ("**Its words.**", "**Its tables", "**What it promises**", "| to change | go to |"):
        assert part in text, f"{room}.md has no '{part}'"


def test_every_table_stands_in_its_rooms_chapter_and_no_chapter_names_one_that_there_is_not():
    migrations = sorted((PACKAGE / "store" / "migrations").glob("*/*.sql"))
    tables = set[str]()
    for text in (path.read_text(encoding="utf-8") for path in migrations):
        tables = tables.union(_TABLE.findall(text)).difference(_DROPPED.findall(text))
    assert tables
    lost = [
        f"docs/rooms/{room_of_table(table)}.md does not name {table}"
        for table in sorted(tables)
        if f"`{table}`" not in _chapter(str(room_of_table(table)))
    ]
    prefixes = "|".join(sorted({table.partition("_")[0] for table in tables}))
    lost += [
        f"docs/rooms/{room}.md names {table}, which no migration makes"
        for room in ROOMS
        for line in _chapter(room).splitlines()
        if line.startswith("| `")
        for table in re.findall(rf"`((?:{prefixes})_\w+)`", line)
        if table not in tables
    ]
    assert not lost, list_of(lost)


def test_the_channel_that_the_docs_show_does_what_it_says(tmp_path: Path):
    text = (ROOT / "docs" / "channels.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert len(code.splitlines()) <= 50
    tray = ModuleType("tray")
    exec(code, vars(tray))  # noqa: S102 (our own docs)
    channel = tray.open_channel(Settings(data=tmp_path), None, "demo", {})
    letter = Envelope(
        message_id=7, sender="Us <us@x.example>", recipient="a@x.example", subject="Hi", html="", text="Hi"
    )
    with channel.connect() as one, channel.connect() as two:
        one.deliver(letter)
        two.deliver(letter)
    assert [path.name for path in (tmp_path / "tray" / "demo").iterdir()] == ["7.json"]

    (tmp_path / "tray" / "full").write_text("a file where the folder should be")
    with pytest.raises(TryLater), tray.open_channel(Settings(data=tmp_path), None, "full", {}).connect() as broken:
        broken.deliver(letter)


def _chapter(room: str) -> str:
    path = CHAPTERS / f"{room}.md"
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def _is_elsewhere(address: str) -> bool:
    return bool(re.match(r"\s*(?:[a-z][a-z0-9+.-]*:)?//", address, re.IGNORECASE))
