"""`regulars import`: take in a file."""

from pathlib import Path
from typing import Any

import click

from regulars.cli.options import data_option, workspace_option

_ZONE, _CURRENCY = "Europe/London", "GBP"
"""What is taken where neither the file nor anybody says it."""


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--as", "what", type=click.Choice(["orders", "events", "customers"]), required=True, help="What it holds."
)
@click.option("--map", "columns", multiple=True, metavar="COLUMN=TARGET", help="What a column is, else it is guessed.")
@click.option("--mapping", default="", metavar="NAME", help="Understand it as this mapping says, kept in the console.")
@click.option("--dry-run", is_flag=True, help="Say what would come of it, and take nothing.")
@click.option("--rejected", type=click.Path(path_type=Path), help="Where the rows are written that are not taken.")
@click.option("--encoding", default="", metavar="NAME", help="Such as utf-8, cp1252 or gb18030, else it is guessed.")
@click.option("--separator", default="", metavar="CHAR", help="What stands between the cells, else it is guessed.")
@click.option("--decimal", type=click.Choice([".", ","]), help="What stands before the cents, else it is guessed.")
@click.option("--dates", type=click.Choice(["ymd", "dmy", "mdy"]), help="In which order days are written.")
@click.option("--sheet", default="", metavar="NAME", help="Which sheet of a workbook, else the first.")
@click.option("--currency", default="", metavar="CODE", help="The currency of the prices, else guessed, else GBP.")
@click.option("--zone", default="", metavar="ZONE", help="Whose clock the times are by, else Europe/London.")
@click.option("--event", default="", metavar="NAME", help="What the events are called, where no column says it.")
@click.option("--purpose", default="", help="What the consents of the file are for, else marketing.")
@click.option("--channel", default="", help="By which way the consents allow to write, else email.")
@click.option("--source", default="", metavar="TEXT", help="Where the consents were given: without it none is taken.")
@click.option("--as-of", type=click.DateTime(), help="Of when the file is, else of now.")
@click.option("--list", "name", default="", metavar="NAME", help="Put its customers on this list, too.")
@workspace_option
@data_option
def import_file(file: Path, workspace: str, data: str | None, **given: Any) -> None:
    """Take in a FILE: CSV (plain, gzip or xz), NDJSON, Parquet or Excel. Again, it takes only what is new."""
    from regulars.access.audit import COMMAND_LINE, Deed
    from regulars.access.workspaces import get_workspace
    from regulars.cli.deeds import note_done
    from regulars.cli.place import opened
    from regulars.hear.imports.running import Import, Outcome
    from regulars.loop.import_rounds import note_withdrawals
    from regulars.settings import load
    from regulars.words.clock import utc_now

    with opened(load(data=data)) as database:
        get_workspace(database, workspace)
        with database.workspace(workspace) as tx:
            plan = _plan(tx, file, given)
        dry, rejects = given["dry_run"], given["rejected"]
        with click.progressbar(length=1000, label=f"{'Trying' if dry else 'Importing'} {plan.what}") as bar:

            def show(_: Outcome, read: int, size: int) -> None:
                bar.update(1000 * read // max(size, 1) - bar.pos)

            def saved(tx: Any, _: Outcome, __: int, new: Any) -> None:
                if not dry:
                    note_withdrawals(tx, new, utc_now())

            taking = Import(file, plan, utc_now(), dry=dry, rejects=rejects, by=COMMAND_LINE.name)
            done = taking.run(database, workspace, progress=show, saved=saved)
        if not dry:
            counts = {"lines": done.rows, "new": done.events, "known": done.known, "rejected": done.refused}
            note_done(database, workspace, Deed("import.made", "file", file.name, after=counts))
    _tell(done, plan, dry=dry)
    if rejects and done.rejected:
        click.echo(f"The rows that were not taken are in {rejects}: mend them there, and import that file.", err=True)


def _plan(tx: Any, file: Path, given: dict[str, Any]) -> Any:
    """Return how the file is read: as was said, else as a mapping says, else as it was guessed."""
    import msgspec

    from regulars.hear import mappings
    from regulars.hear.imports.encodings import known_encoding
    from regulars.hear.imports.guessing import guess
    from regulars.hear.imports.plan import zone_of
    from regulars.understand import lists
    from regulars.understand.segments import get_segment
    from regulars.words.errors import Invalid

    said = {name: given[name] for name in ("separator", "decimal", "dates", "sheet", "currency", "zone") if given[name]}
    if given["encoding"]:
        said["encoding"] = known_encoding(given["encoding"])
    found = guess(file, given["what"], reading=said, zone=_ZONE, currency=_CURRENCY)
    plan = mappings.fitting(tx, found, given["what"]) or found.plan
    if given["mapping"]:
        plan = mappings.applied(mappings.get(tx, given["mapping"]), found)
        if plan.what != given["what"]:
            raise Invalid("The mapping '{name}' is for {what}.", name=given["mapping"], what=plan.what)
    columns = dict(plan.columns)
    for one in given["columns"]:
        column, _, target = one.rpartition("=")
        if not column:
            raise Invalid("--map takes COLUMN=TARGET, such as 'Kundennr=customer'; '-' leaves a column out.")
        for other in [name for name, taken in columns.items() if taken == target and name != column]:
            columns[other] = "-"
        columns[column] = target
    reading = msgspec.structs.replace(plan.reading, **said)
    more = {name: given[name] for name in ("event", "purpose", "channel", "source", "as_of") if given[name]}
    if "as_of" in more:
        more["as_of"] = more["as_of"].replace(tzinfo=zone_of(reading.zone))
    if given["name"]:
        if plan.what != "customers":
            raise Invalid("Only customers are put on a list: import them with --as customers.")
        more["on_list"] = lists.key_of(get_segment(tx, given["name"]))
    return msgspec.structs.replace(plan, columns=columns, reading=reading, **more)


def _tell(done: Any, plan: Any, *, dry: bool) -> None:
    what = "orders" if plan.what == "orders" else "events"
    would = "would be " if dry else ""
    if dry:
        for name, target in plan.columns.items():
            click.echo(f"  {name}: {'left out' if target == '-' else target}")
        for one in done.first[:5]:
            who = ", ".join(f"{kind} {value}" for kind, value in one.who)
            click.echo(f"  row {one.row}: {one.kind}, {one.at:%Y-%m-%d %H:%M} UTC, {who}: {one.says}")
    click.echo(f"{done.rows:,} lines: {done.events:,} {would}new {what}, {done.known:,} known already.")
    for reason, rows in sorted(done.rejected.items(), key=lambda one: -one[1]):
        click.echo(f"{rows:,} lines not taken: {reason}.", err=True)
    for reason, rows in done.remarks.items():
        click.echo(f"{rows:,} lines {reason}.", err=True)
    for one in done.examples:
        click.echo(f"  line {one.row + 1}{f', {one.column}' if one.column else ''}: {one.reason}", err=True)
