"""`regulars mirror`: events and customers as Parquet files."""

from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING

import click

from regulars.cli.options import data_option, workspace_option

if TYPE_CHECKING:
    from regulars.store.database import Database
    from regulars.store.mirror import Mirror

_QUIET = 5.0


@click.group()
def mirror() -> None:
    """Events and customers as Parquet files, for DuckDB, pandas and Spark (docs/mirror.md)."""


@mirror.command()
@data_option
@workspace_option
def rebuild(data: str | None, workspace: str) -> None:
    """Write all files anew, from the beginning of the log; those that are there hold until then."""
    from regulars.loop.mirroring import catch_up
    from regulars.words.clock import utc_now

    with _opened(data, workspace) as (database, there):
        made = catch_up(database, there, utc_now(), anew=True, told=_telling())
        _note(database, there, "mirror.rebuilt", {"upto": made.upto})
    rows = sum(one.rows for one in made.events)
    click.echo(f"{rows:,} events in {len(made.events):,} files, up to event {made.upto}.")


@mirror.command()
@data_option
@workspace_option
def verify(data: str | None, workspace: str) -> None:
    """Compare the files with the log, month by month; exit code 1 where they differ."""
    from regulars.loop.mirroring import differences

    with _opened(data, workspace) as (database, there):
        found = differences(database, there)
        _note(database, there, "mirror.compared", {"differences": len(found)})
    for one in found:
        click.echo(f"{one}.")
    if found:
        click.echo("regulars: write it anew: regulars mirror rebuild", err=True)
        raise click.exceptions.Exit(1)
    click.echo("The files hold what the log does.")


@mirror.command()
@data_option
@workspace_option
def status(data: str | None, workspace: str) -> None:
    """Say up to where the mirror is, and what it takes."""
    from regulars.loop.mirroring import behind

    with _opened(data, workspace) as (database, there):
        far = behind(database, there)
    manifest = there.read()
    if manifest is None or far is None:
        click.echo("Nothing was written yet: a work process ('regulars serve') does, or 'regulars mirror rebuild'.")
        return
    size = sum((there.folder / file).stat().st_size for file in manifest.files)
    click.echo(f"{manifest.at:%Y-%m-%d %H:%M} UTC, up to event {manifest.upto}; {far:,} came since.")
    click.echo(f"{sum(one.rows for one in manifest.events):,} events in {len(manifest.events):,} files.")
    click.echo(f"{size / 1e6:,.1f} MB in {there.folder}")


@mirror.command()
@data_option
@workspace_option
def drop(data: str | None, workspace: str) -> None:
    """Remove the files of a workspace. Where REGULARS_MIRROR is set, a work process writes them again."""
    from regulars.loop.mirroring import drop_mirror

    with _opened(data, workspace) as (database, there):
        drop_mirror(database, there)
        _note(database, there, "mirror.dropped")


def _note(database: "Database", there: "Mirror", action: str, after: Mapping[str, int] | None = None) -> None:
    """Note in the audit log what was done with a mirror."""
    from regulars.access.audit import Deed
    from regulars.cli.deeds import note_done

    note_done(database, there.workspace, Deed(action, after=after))


@contextmanager
def _opened(data: str | None, workspace: str) -> Generator["tuple[Database, Mirror]"]:
    from regulars.access.workspaces import get_workspace
    from regulars.cli.place import opened
    from regulars.settings import load
    from regulars.store.mirror import Mirror
    from regulars.words.errors import Invalid

    settings = load(data=data)
    if settings.mirror_folder is None:
        raise Invalid(
            "No mirror is kept. Let REGULARS_MIRROR name a folder: mirror is one in the data folder ({data}).",
            data=settings.data,
        )
    with opened(settings) as database:
        yield database, Mirror(settings.mirror_folder, get_workspace(database, workspace).name)


def _telling() -> Callable[[int, int], None]:
    """Return what prints a line on standard error now and then, of events done."""
    began = said = monotonic()

    def tell(done: int, total: int) -> None:
        nonlocal said
        now = monotonic()
        if now - said >= _QUIET:
            said = now
            click.echo(f"regulars: {done:,} of {total:,} events in {now - began:.0f} s", err=True)

    return tell
