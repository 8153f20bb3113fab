"""What docs/api.md shows is run, block after block, as it stands there."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from regulars.access.keys import create_key

PAGE = (Path(__file__).parents[3] / "docs" / "api.md").read_text(encoding="utf-8")
BLOCKS = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(language):
    return [text for kind, text in BLOCKS.findall(PAGE) if kind == language]


def test_what_is_shown_in_python_works_from_top_to_bottom(shop, house, workspace, address, capsys):
    there = {"URL": address, "KEY": create_key(house.database, workspace, "admin")}
    for block in blocks("python"):
        exec(compile(block, "docs/api.md", "exec"), there)  # noqa: S102 (our own page)
    said = capsys.readouterr().out
    for words in ("Ieva Kalniņa", "My mother", "Customers whose gift for is “My mother”. 1", "shoe_size"):
        assert words in said, words
    shop.work()
    with shop.tx() as tx:
        from regulars.remember.customers import search

        assert search(tx, "Ada").total == 1


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl here")
@pytest.mark.parametrize("command", blocks("sh"))
def test_what_is_shown_for_curl_works(shop, house, workspace, address, command):
    given = {"URL": address, "KEY": create_key(house.database, workspace, "admin")}
    done = subprocess.run(
        ["sh", "-euc", command.replace("curl ", "curl -sS --fail-with-body ", 1)],
        env=given | {"PATH": "/usr/bin:/bin:/usr/local/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert '"total"' in done.stdout or '"sentence"' in done.stdout


def test_every_error_of_the_client_is_on_the_page():
    from regulars import client
    from regulars.client import Problem

    kinds = {name for name in client.__all__ if isinstance(one := getattr(client, name), type) and one is not Problem
             and issubclass(one, Problem)}  # fmt: skip
    assert all(f"`{name}`" in PAGE for name in kinds)
