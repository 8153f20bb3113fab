"""`regulars work`: the process that follows the log and sends."""

import signal
from threading import Event

import click

from regulars.cli.options import data_option


@click.command()
@data_option
def work(data: str | None) -> None:
    """Follow the logs of all workspaces and send what was decided. Any number of these may run."""
    from regulars import tracing, wiring
    from regulars.cli.lifeline import end_with_supervisor
    from regulars.cli.place import reached
    from regulars.cli.running import setter
    from regulars.settings import load
    from regulars.web.gone_records import STEPS
    from regulars.web.i18n import translator

    end_with_supervisor()
    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, setter(stop))
    with reached(load(data=data)) as settings, wiring.opened(settings) as house:
        untraced = tracing.begin(settings)
        wiring.work(house, stop, translator, STEPS)
        untraced()
