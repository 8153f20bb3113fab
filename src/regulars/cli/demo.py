"""`regulars demo`: the whole house, with an example shop on real orders in it."""

from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

import click

from regulars.cli.options import address_options, data_option, login_link_command

if TYPE_CHECKING:
    from regulars.settings import Settings
    from regulars.store.database import Database
    from regulars.testing.shop.links import Walk

_WIDTH = 24
_STEPS = 1000
_GUIDE = """
{title} is open. Everything here is made up but the orders, and no mail leaves this machine.

    Log in (once, within 15 minutes):      {login}

    1. Answer the quiz as {name}:
       {walk.quiz}
    2. Read the mail that quotes the answer, and answer its question:
       {walk.mailbox}
    3. Look there again: the next mail remembers. And so does the conversation:
       {walk.customer}

    The console:                           {walk.home}
    The quiz for anybody:                  {walk.public_quiz}
    A fresh log-in link:                   {again}

Ctrl-C ends it; the data stays in {data}.
"""


@click.command()
@data_option
@address_options
def demo(data: str | None, host: str | None, port: int | None) -> None:
    """Set up The Gift House (the workspace 'demo'), start everything, and print the links to walk through it."""
    from regulars.cli.running import run_house
    from regulars.settings import load

    guide: list[str] = []

    def prepare(settings: "Settings", database: "Database") -> None:
        guide.append(_prepare(settings, database, data))

    run_house(load(data=data, host=host, port=port), prepare=prepare, ready=lambda _: click.echo(guide[0]))


def _prepare(settings: "Settings", database: "Database", data: str | None) -> str:
    """Set up the shop where it is not yet there, and return what to print."""
    from regulars.access.links import open_links
    from regulars.access.people import make_login_link
    from regulars.testing.shop.links import walk
    from regulars.testing.shop.set_up import set_up
    from regulars.words.clock import utc_now

    with _bars() as progress:
        shop = set_up(database, utc_now(), progress)
    links: Walk = walk(shop, open_links(database), settings.outside_url)
    token = make_login_link(database, shop.owner, utc_now())
    return _GUIDE.format(
        title=shop.title,
        name=shop.regular.name,
        login=f"{settings.outside_url}/console/login/{token}",
        walk=links,
        again=login_link_command(data),
        data=settings.data,
    )


@contextmanager
def _bars() -> Generator[Callable[[str, int, int], None]]:
    """Show a bar for each thing that is being done, one after another."""
    with ExitStack() as shown:
        now: list[Any] = ["", None]

        def progress(what: str, done: int, whole: int) -> None:
            if what != now[0]:
                shown.close()
                now[:] = what, shown.enter_context(click.progressbar(length=_STEPS, label=f"{what:<{_WIDTH}}"))
            now[1].update(max(0, done * _STEPS // max(whole, 1) - now[1].pos))

        yield progress
