"""What several commands ask for."""

import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])


def data_option(command: F) -> F:
    """Add --data."""
    return click.option("--data", metavar="DIR", help="Where everything is kept (else REGULARS_DATA).")(command)


def address_options(command: F) -> F:
    """Add --host and --port."""
    host = click.option("--host", metavar="ADDRESS", help="The address to listen on (127.0.0.1).")
    port = click.option("--port", metavar="PORT", type=click.IntRange(1, 65535), help="The port to listen on (8080).")
    return host(port(command))


def workspace_option(command: F) -> F:
    """Add --workspace."""
    return click.option("--workspace", metavar="NAME", required=True, help="The workspace.")(command)


def login_link_command(data: object = None, email: str = "") -> str:
    """Return what to type for a log-in link, of the house in a data folder that was named."""
    return _command("login-link", email, data)


def first_workspace_command(data: object = None) -> str:
    """Return what to type for the first workspace of such a house, and its owner."""
    return _command("workspace create", "NAME --owner EMAIL", data)


def serve_command(data: object = None) -> str:
    """Return what to type to start such a house."""
    return _command("serve", "", data)


def _command(name: str, given: str, data: object) -> str:
    return " ".join(filter(None, [_ourselves(), name, given, f"--data {data}" if data else ""]))


def _ourselves() -> str:
    program = sys.argv[0]
    if program.endswith("__main__.py"):
        program = f"{sys.executable} -m regulars"
    elif (known := shutil.which("regulars")) and Path(known).samefile(program):
        program = "regulars"
    return program
