"""`regulars import`: take in a file."""

from pathlib import Path

import click

from regulars.cli.options import data_option, workspace_option


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--as", "what", type=click.Choice(["orders"]), required=True, help="What the file holds.")
@click.option("--currency", default="GBP", show_default=True, metavar="CODE", help="The currency of the prices.")
@click.option(
    "--zone", default="Europe/London", show_default=True, metavar="ZONE", help="Whose clock the times are by."
)
@workspace_option
@data_option
def import_file(file: Path, what: str, currency: str, zone: str, workspace: str, data: str | None) -> None:
    """Take in a FILE of orders: CSV, plain or packed by gzip or xz. Importing it again takes only what is new."""
    from regulars.access.audit import Deed
    from regulars.access.workspaces import get_workspace
    from regulars.cli.deeds import note_done
    from regulars.cli.place import opened
    from regulars.hear.orders import import_orders
    from regulars.settings import load

    with opened(load(data=data)) as database:
        get_workspace(database, workspace)
        with click.progressbar(length=1000, label=f"Importing {what}") as bar:

            def show(_lines: int, read: int, size: int) -> None:
                bar.update(1000 * read // max(size, 1) - bar.pos)

            done = import_orders(database, workspace, file, progress=show, currency=currency, zone=zone)
        counts = {"lines": done.lines, "new": done.events, "known": done.known}
        note_done(database, workspace, Deed("import.made", "file", file.name, after=counts))
    click.echo(f"{done.lines:,} lines: {done.events:,} new orders, {done.known:,} known already.")
    for reason, lines in done.rejected.most_common():
        click.echo(f"{lines:,} lines not taken: {reason}.", err=True)
    for one in done.examples:
        click.echo(f"  line {one.line + 1}, order {one.invoice or '-'}: {one.reason}", err=True)
