"""`regulars cohorts`."""

import click

from regulars.cli.options import data_option, workspace_option

_SHOWN = 12


@click.command()
@data_option
@click.option(
    "--of", default="orders", show_default=True, metavar="WHAT", help="orders, visits, anything, or event:NAME."
)
@click.option("--every", type=click.Choice(["month", "week"]), default="month", show_default=True)
@click.option("--segment", default="", metavar="NAME", help="Only those who are in this segment.")
@workspace_option
def cohorts(data: str | None, workspace: str, of: str, every: str, segment: str) -> None:
    """Print who comes back: customers by when they first came, and what share came again 1, 2 ... later.

    The share of a month or week that is not over has a + behind it.
    """
    from regulars.cli.place import entered
    from regulars.cli.tables import table
    from regulars.settings import load
    from regulars.understand import cohorts as rooms
    from regulars.words.clock import utc_now

    with entered(load(data=data), workspace) as tx:
        found = rooms.reckon(tx, {"of": of, "every": every, "segment": segment}, utc_now())
    longest = min(max((len(one.back) for one in found.cohorts), default=0), _SHOWN)
    lines = [
        (
            f"{one.began:%Y-%m}" if every == "month" else f"{one.began}",
            f"{one.customers:,}",
            *(
                f"{back / one.customers:.1%}{'+' if n == len(one.back) else ''}"
                for n, back in enumerate(one.back[:_SHOWN], 1)
            ),
            *([""] * (longest - len(one.back))),
        )
        for one in found.cohorts
    ]
    if lines:
        table(("first time", "customers", *map(str, range(1, longest + 1))), lines)
    else:
        click.echo("Nobody did this yet.", err=True)
