"""`regulars customer`: somebody is taken along as a zip, asked to be forgotten, and it is said how far that is."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import msgspec
import pytest
from tests.cli.houses import regulars
from tests.understand.understand_shop import know, meet

from regulars.cli.place import entered
from regulars.hear.identities import intern
from regulars.settings import load

ANNA = ("email", "anna@post.example")


@pytest.fixture
def data() -> Iterator[str]:
    folder = tempfile.mkdtemp(prefix="regulars-customer-")
    assert regulars("workspace", "create", "gifts", "--data", folder).returncode == 0
    yield folder
    shutil.rmtree(folder)


def test_one_customer_is_taken_along_asked_to_be_forgotten_and_listed(data: str, tmp_path: Path) -> None:
    with entered(load(data=data), "gifts") as tx:
        anna = intern(tx, [ANNA])[ANNA]
        meet(tx, anna)
        know(tx, anna, "city", "Riga")
    on = ("--workspace", "gifts", "--data", data)
    file = tmp_path / "anna.zip"
    done = regulars("customer", "export", *on, "email:anna@post.example", str(file))
    assert done.returncode == 0, done.stderr
    assert file.stat().st_mode & 0o077 == 0, "nobody else reads it"
    with ZipFile(file) as archive:
        told = msgspec.json.decode(archive.read("everything.json"))
    assert told["identities"] == [{"kind": "email", "value": "anna@post.example"}]
    unsure = regulars("customer", "forget", *on, "email:anna@post.example")
    assert (unsure.returncode, f"--sure {anna}" in unsure.stderr) == (1, True)
    assert regulars("customer", "forgotten", *on).stdout == ""
    asked = regulars("customer", "forget", *on, "email:anna@post.example", "--anonymise", "--sure", str(anna))
    assert asked.returncode == 0, asked.stderr
    number, mode, _, far = regulars("customer", "forgotten", *on).stdout.strip().split("\t")
    assert (number, mode, far) == (str(anna), "anonymise", "waiting")
    nobody = regulars("customer", "export", *on, "email:nobody@post.example", str(file))
    assert (nobody.returncode, "Traceback" in nobody.stderr) == (1, False)
