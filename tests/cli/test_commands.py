"""Commands: quick to start, and a mistake is one clear line."""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import click
import msgspec
import pytest
from tests.cli.houses import free_port, regulars

from regulars.cli import _regulars
from regulars.cli.knobs import meanings
from regulars.settings import Settings

HEAVY = ("psycopg", "litestar", "msgspec", "sqlglot", "jinja2", "structlog", "granian", "babel")


@pytest.fixture(scope="module")
def data() -> Iterator[str]:
    folder = tempfile.mkdtemp(prefix="regulars-commands-")
    assert regulars("workspace", "create", "gifts", "--data", folder).returncode == 0
    yield folder
    shutil.rmtree(folder)


def test_a_start_imports_nothing_heavy() -> None:
    script = (
        "import sys, regulars.cli as c\n"
        "try: c._regulars(['--help'], standalone_mode=False)\n"
        "finally: print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert not {name.partition(".")[0] for name in done.stderr.split()} & set(HEAVY)


def test_every_command_explains_itself() -> None:
    from regulars.cli import _COMMANDS

    for name in _COMMANDS:
        done = regulars(name, "--help")
        assert done.returncode == 0, done.stderr
        assert "Usage: regulars" in done.stdout


def test_every_command_is_told_of_its_workspace_in_one_way() -> None:
    def walk(command: click.Command) -> Iterator[click.Command]:
        if isinstance(command, click.Group):
            context = click.Context(command)
            for name in command.list_commands(context):
                if (found := command.get_command(context, name)) is not None:
                    yield from walk(found)
        else:
            yield command

    commands = list(walk(_regulars))
    told = [one for one in commands for parameter in one.params if parameter.name == "workspace"]
    assert all(
        "--workspace" in parameter.opts for one in told for parameter in one.params if parameter.name == "workspace"
    )
    assert {one.name for one in told} >= {"cells", "cohorts", "groups", "together", "members", "import"}


def test_every_setting_is_explained() -> None:
    assert list(meanings(Settings)) == [field.name for field in msgspec.structs.fields(Settings)]
    printed = regulars("settings", "--data", "/nowhere", REGULARS_SMTP_URL="smtp://me:hidden-pass@mail.example")
    assert "REGULARS_SMTP_URL = (set)" in printed.stdout
    assert "hidden-pass" not in printed.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["key", "create", "--workspace", "gifts", "--scope", "all"], "'all' is no scope"),
        (["key", "create", "--workspace", "nobody", "--scope", "read"], "There is no workspace 'nobody'"),
        (["workspace", "create", "gifts"], "There is a workspace 'gifts' already"),
        (["workspace", "create", "Gifts!"], "cannot be a workspace's name"),
        (["followers", "list", "--workspace", "nobody"], "There is no workspace 'nobody'"),
        (["followers", "pause", "--workspace", "gifts", "nobody"], "There is no follower 'nobody'"),
        (["followers", "replay", "--workspace", "gifts", "nobody"], "There is no follower 'nobody'"),
        (["login-link", "nobody@example.com"], "Nobody of the team has the e-mail"),
    ],
)
def test_a_mistake_is_one_line_that_says_what_to_do(data: str, arguments: list[str], said: str) -> None:
    done = regulars(*arguments, "--data", data)
    assert done.returncode == 1
    assert done.stderr.startswith("regulars: ")
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_setting_that_cannot_be_read_is_named() -> None:
    done = regulars("settings", REGULARS_PORT="many")
    assert (done.returncode, "port" in done.stderr, "Traceback" in done.stderr) == (1, True, False)


def test_commands_start_a_database_for_themselves_and_leave_none_behind(data: str) -> None:
    assert regulars("key", "create", "--workspace", "gifts", "--scope", "write", "--data", data).stdout.startswith(
        "write_"
    )
    assert regulars("workspace", "list", "--data", data).stdout.split("\t")[0] == "gifts"
    assert regulars("followers", "pause", "--workspace", "gifts", "identity", "--data", data).returncode in (0, 1)
    assert not (Path(data) / "postgres" / "postmaster.pid").exists()


def test_a_workspace_whose_mail_cannot_leave_says_what_to_set(data: str) -> None:
    done = regulars("workspace", "create", "posted", "--delivery", "smtp", "--data", data, REGULARS_SMTP_URL="")
    assert done.returncode == 0
    assert "REGULARS_SMTP_URL is empty" in done.stderr
    told = regulars("workspace", "create", "mailed", "--delivery", "smtp", "--data", data, REGULARS_SMTP_URL="smtp://x")
    assert (told.returncode, told.stderr) == (0, "")


def test_a_data_folder_that_was_not_named_is_said(data: str) -> None:
    for command in (["key", "create", "--workspace", "gifts", "--scope", "read"], ["login-link"]):
        unnamed = regulars(*command, REGULARS_DATA=data)
        assert data in unnamed.stderr
        assert data not in unnamed.stdout
        assert regulars(*command, "--data", data).stderr == ""


def test_a_given_database_that_cannot_be_used_is_said_in_one_line(data: str) -> None:
    address = "postgresql://somebody:hidden@127.0.0.1:1/regulars"
    done = regulars("serve", "--data", data, "--port", str(free_port()), REGULARS_DATABASE_URL=address)
    assert done.returncode == 1
    assert "REGULARS_DATABASE_URL" in done.stderr
    assert "hidden" not in done.stderr
    assert len(done.stderr.splitlines()) == 1
