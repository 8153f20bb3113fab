"""What the pages are given by others: fetched by a lock file, copied by name, not in git, and calling nobody."""

import json
import re

from tests.house.plan import PACKAGE, ROOT, files_of_project, list_of, named
from tools.pack import FILES, ICONS, PACKED

WEB = PACKAGE / "web"
LOCK = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))


def test_every_named_file_is_there_and_no_other():
    assert {path.name for path in PACKED.iterdir()} == {*FILES, "icons.svg", "NOTICE"}


def test_none_of_them_is_in_git():
    assert not [named(path) for path in files_of_project() if PACKED in path.parents]


def test_the_lock_names_versions_and_hashes_but_no_address():
    packages = {name: one for name, one in LOCK["packages"].items() if name}
    assert packages
    for name, one in packages.items():
        assert re.fullmatch(r"\d+\.\d+\.\d+", one["version"]), name
        assert one["integrity"].startswith("sha512-"), name
        assert "resolved" not in one, name
    wanted = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["devDependencies"]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in wanted.values())


def test_whose_they_are_is_said():
    notice = (PACKED / "NOTICE").read_text(encoding="utf-8")
    for words in ("htmx.org", "Zero-Clause BSD", "SIL Open Font License", "lucide", "ISC"):
        assert words in notice


def test_no_page_style_or_script_names_the_host_of_another():
    """A namespace is a name, not an address; nobody answers at '.example' (RFC 2606)."""
    host = re.compile(r"""(?:https?:)?//(?!www\.w3\.org/)[a-z0-9-]+(?:\.(?!example\b)[a-z0-9-]+)+""", re.IGNORECASE)
    found = [
        f"{named(path)}: {hit[0]}"
        for path in sorted(WEB.rglob("*"))
        if path.suffix in {".html", ".css", ".js", ".svg"}
        for hit in host.finditer(path.read_text(encoding="utf-8"))
    ]
    assert not found, list_of(found)


def test_every_icon_that_a_page_shows_is_drawn():
    asked = re.compile(r"""\bicon\(\s*["']([a-z0-9-]+)["']|icon=["']([a-z0-9-]+)["']""")
    found = [
        f"{named(path)}: there is no icon '{name}'"
        for path in sorted(WEB.rglob("*.html"))
        for hit in asked.finditer(path.read_text(encoding="utf-8"))
        if (name := hit[1] or hit[2]) not in ICONS
    ]
    assert not found, list_of(found)
