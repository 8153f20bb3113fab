"""What `deploy/` starts, copies and sets exists."""

import re
import shlex

from tests.house.plan import ROOT, list_of, named
from tests.house.test_docs import _problem

from regulars import cli
from regulars.hear.bringing import LARGEST
from regulars.settings import PREFIX, Settings
from regulars.web.app import _BODY_BYTES
from regulars.web.console.imports import _OVERHEAD
from regulars.web.console.workspace import _LARGEST

DEPLOY = ROOT / "deploy"


def test_every_command_of_a_unit_exists():
    lines = [
        (unit, line)
        for unit in DEPLOY.glob("*.service")
        for line in re.findall(r"^ExecStart=(.*)$", unit.read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert lines
    found = [
        f"{named(unit)}: {line}: {problem}"
        for unit, line in lines
        if (problem := _problem(cli._regulars, shlex.split(line)[1:]))
    ]
    assert not found, list_of(found)


def test_every_setting_exists():
    there = {f"{PREFIX}{name.upper()}" for name in Settings.__struct_fields__}
    for file in DEPLOY.iterdir():
        named_there = set(re.findall(rf"\b{PREFIX}[A-Z_]+", file.read_text(encoding="utf-8")))
        assert named_there <= there, f"{named(file)}: there is no setting {named_there - there}"


def test_the_container_copies_what_is_there():
    text = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    sources = [part for line in re.findall(r"^COPY (?!--from)(.*) \S+$", text, re.MULTILINE) for part in line.split()]
    assert sources
    assert all((ROOT / source).exists() for source in sources)


def test_the_proxy_of_the_docs_lets_through_what_regulars_takes():
    text = (ROOT / "docs" / "production.md").read_text(encoding="utf-8")
    usual, files = (int(size) * 2**20 for size in re.findall(r"client_max_body_size (\d+)m;", text))
    assert files >= LARGEST + _OVERHEAD, "a file that the console takes is refused by the proxy"
    assert usual >= max(_BODY_BYTES, _LARGEST), "a picture that a page takes is refused by the proxy"
    (place,) = re.findall(r"location ~ (\S+) \{(?:(?!location)[^}])*client_max_body_size", text)
    assert all(re.match(place, path) for path in ("/console/shop/imports", "/console/shop/imports/1", "/bring/token"))
