"""What `deploy/` starts, copies and sets exists."""

import re
import shlex

from tests.house.plan import ROOT, list_of, named
from tests.house.test_docs import _problem

from regulars import cli
from regulars.settings import PREFIX, Settings

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
