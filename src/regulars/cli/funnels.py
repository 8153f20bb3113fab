"""`regulars funnel`."""

from datetime import timedelta
from typing import BinaryIO

import click

from regulars.cli.options import data_option, workspace_option


@click.group()
def funnel() -> None:
    """How many customers did one thing after another; a funnel is kept under a name, or a file of YAML or JSON."""


@funnel.command(name="list")
@data_option
@workspace_option
def list_all(data: str | None, workspace: str) -> None:
    """Print the funnels of a workspace: name, version, title."""
    from regulars.cli.place import entered
    from regulars.settings import load
    from regulars.understand.funnels_kept import list_funnels

    with entered(load(data=data), workspace) as tx:
        for one in list_funnels(tx):
            click.echo(f"{one.name}\t{one.version}\t{one.title}")


@funnel.command()
@data_option
@workspace_option
@click.option("--file", type=click.File("rb"), help="A funnel that has no name ('-' is standard input).")
@click.argument("name", default="")
def show(data: str | None, workspace: str, file: BinaryIO | None, name: str) -> None:
    """Print how many customers reached each step of the funnel NAME, and how long it took half of them."""
    from regulars.cli.place import entered
    from regulars.cli.tables import table
    from regulars.settings import load
    from regulars.understand import funnels, funnels_kept, segments, yaml_text
    from regulars.words.clock import utc_now
    from regulars.words.errors import Invalid

    if (file is None) == (not name):
        raise Invalid("Name a funnel, or give one with --file.")
    with entered(load(data=data), workspace) as tx:
        if file is None:
            asked = funnels.parse(funnels_kept.get(tx, name).funnel, None)
        else:
            text = file.read(yaml_text.LONGEST * 4).decode(errors="replace")
            asked = funnels.parse(yaml_text.read(text), segments.known(tx))
        found = funnels.reckon(tx, funnels.written(asked), utc_now())
    click.echo(funnels_kept.sentence(asked), err=True)
    first = found[0].customers or 1
    table(
        ("step", "customers", "of the first", "of the one before", "half within", "stopped"),
        [
            (
                step.kind,
                f"{one.customers:,}",
                f"{one.customers / first:.1%}",
                f"{one.customers / (found[max(n - 1, 0)].customers or 1):.1%}",
                "" if one.seconds is None else str(timedelta(seconds=round(one.seconds))),
                f"{one.customers - found[n + 1].customers:,}" if n + 1 < len(found) else "",
            )
            for n, (step, one) in enumerate(zip(asked.steps, found, strict=True))
        ],
    )
