"""What may stand in the project's files: nothing of one machine, nothing of others' that is not named as such."""

import re
from pathlib import Path

from tests.house.plan import PACKAGE, ROOT, files_of_project, list_of, named

_MACHINE = (
    r"(?<![\w.~])/(?:work|root|home/\w+|Users/\w+)/",
    r"[A-Z]:\\Users\\",
    r"(?:pythonhosted|pypi|npmjs|yarnpkg|crates|golang|docker)\.(?:org|com|io)\b",
    r"(?:localhost|127\.0\.0\.1):\d+/(?:simple|repository)\b",
)
_WRITING = (
    r"\b(?:[Hh]elper|[Cc]oding|[Aa]gent) sessions?\b",
    r"\b(?:[Aa]s an AI|[Ll]anguage model|LLM|[Ss]ubagents?)\b",
    r"\bSPEC\.md\b|shared/(?:design|data)",
    r"\b(?:TODO|FIXME|XXX|HACK)\b",
)
_LONGEST = 1000
_TEXT = {"", ".py", ".sql", ".html", ".css", ".js", ".md", ".toml", ".txt", ".yml", ".json", ".subject", ".pot", ".po"}
_OTHERS = re.compile(r"(?:^|/)(?:node_modules|vendor|third_party)/|\.min\.(?:js|css)$|\.(?:map|woff2?|ttf|whl|so)$")
_LARGEST = 250_000

DATA = {
    "src/regulars/testing/shop/orders.csv.gz": "src/regulars/testing/shop/ORDERS-LICENSE.md",
}
"""Data that others made, each with the file that says whose it is and under which licence."""


def test_no_file_names_a_machine_or_a_registry():
    _assert_free_of(_MACHINE, "stands on one machine only, or names a registry")


def test_no_file_speaks_of_how_it_was_written():
    _assert_free_of(_WRITING, "is no business of the reader")


def test_no_file_is_anothers_or_made_by_a_machine():
    found = [f"{named(path)}: not ours" for path in files_of_project() if _OTHERS.search(named(path))]
    found += [
        f"{named(path)}: {path.stat().st_size} bytes; what is that large belongs with its maker, or on the list of data"
        for path in files_of_project()
        if path.stat().st_size > _LARGEST and named(path) not in DATA and path.suffix not in {".po", ".pot"}
    ]
    found += [
        f"{named(path)}:{number} is {len(line)} characters long, as only machines write"
        for path in _texts()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if len(line) > _LONGEST
    ]
    assert not found, list_of(found)


def test_data_of_others_names_its_licence():
    for data, licence in DATA.items():
        assert (ROOT / data).is_file(), f"{data} is gone: take it off the list"
        text = (ROOT / licence).read_text(encoding="utf-8")
        assert "CC BY" in text or "Creative Commons" in text, f"{licence} does not name the licence of {data}"


def test_every_template_and_style_stays_at_home():
    """A page loads nothing from another's server: it would tell them who reads it."""
    asks = re.compile(r"""(?:src|href|action)\s*=\s*["'](?:https?:)?//|url\(\s*["']?(?:https?:)?//|@import""")
    found = [
        f"{named(path)}:{number}: {line.strip()[:80]}"
        for path in _texts()
        if path.suffix in {".html", ".css", ".js"}
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if asks.search(line)
    ]
    assert not found, list_of(found)


def test_scripts_and_styles_stand_in_files_of_their_own():
    """The policy in the headers allows no inline style or script.

    A letter.html is no page but a mail, whose styles can only stand inside it.
    """
    runs = re.compile(r"""<script(?![^>]*\ssrc=)|\s(?:hx-)?on[a-z:]+\s*=\s*["']|javascript:|["']js:""", re.IGNORECASE)
    styled = re.compile(r"<style|\sstyle\s*=", re.IGNORECASE)
    found = [
        f"{named(path)}:{number}: {line.strip()[:80]}"
        for path in sorted((PACKAGE / "web").rglob("*.html"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if runs.search(line) or (path.name != "letter.html" and styled.search(line))
    ]
    assert not found, list_of(found)


def test_only_the_console_has_scripts():
    """docs/adr/0015: pages work without scripts; those of customers have none at all, and no font to fetch."""
    scripts = [path for path in files_of_project() if path.suffix in {".js", ".mjs", ".ts"}]
    ours = (PACKAGE / "web" / "static", ROOT / "tests" / "web" / "lighthouse", ROOT / "tests" / "web" / "clients")
    elsewhere = [named(path) for path in scripts if path.parent not in ours]
    assert not elsewhere, list_of(elsewhere)
    fetch = re.compile(r"<script|@font-face|packed/")
    pages = [*(PACKAGE / "web" / "pages").rglob("*.html"), PACKAGE / "web" / "static" / "pages.css"]
    found = [named(path) for path in pages if fetch.search(path.read_text(encoding="utf-8"))]
    assert not found, list_of(found)


def _texts() -> list[Path]:
    return [path for path in files_of_project() if path.suffix in _TEXT and path.name != "LICENSE"]


def _assert_free_of(patterns: tuple[str, ...], why: str) -> None:
    words = re.compile("|".join(patterns))
    found = [
        f"{named(path)}:{number}: '{hit[0]}' {why}"
        for path in _texts()
        if path != Path(__file__)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if (hit := words.search(line))
    ]
    assert not found, list_of(found)
