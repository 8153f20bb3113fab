"""`regulars web`: the processes that answer HTTP."""

import gc
import os
from typing import Any

import click

from regulars.cli.options import address_options, data_option

_NEW_OBJECTS = 20_000
"""Containers made, and not yet gone, after which the youngest are searched."""


@click.command()
@data_option
@address_options
def web(data: str | None, host: str | None, port: int | None) -> None:
    """Answer HTTP, in as many processes as the setting web_processes says."""
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    from regulars.cli.beforehand import check
    from regulars.cli.lifeline import end_with_supervisor
    from regulars.cli.place import reached
    from regulars.cli.running import environment_of
    from regulars.settings import load

    end_with_supervisor()
    asked = load(data=data, host=host, port=port)
    check(asked)
    with reached(asked) as settings:
        os.environ.update(environment_of(settings))
        Server(
            f"{__name__}:application",
            address=settings.host,
            port=settings.port,
            interface=Interfaces.ASGI,
            factory=True,
            workers=settings.web_processes,
            workers_kill_timeout=10,
            respawn_failed_workers=True,
            log_level=LogLevels.warning,
        ).serve()


def application() -> Any:
    """Build the application in a worker process, which ends with its parent."""
    from regulars.cli.lifeline import end_with

    end_with(os.getppid())
    from regulars.web.app import from_environment

    app = from_environment()
    _leave_what_stays()
    return app


def _leave_what_stays() -> None:
    """Let the search for circles of garbage pass over what stays as long as the process: it took a twelfth of it.

    Requests make few circles, and die by counting; so it is looked for less often, too (Python documentation, `gc`).
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS, 20, 20)
