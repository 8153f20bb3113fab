"""`regulars backup` and `regulars restore`: everything in one file, and back."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from regulars.cli.options import data_option

if TYPE_CHECKING:
    from datetime import datetime

    from regulars.loop.restored import Settled
    from regulars.settings import Settings
    from regulars.store.backup import Notes
    from regulars.store.database import Database

_KEPT = re.compile(r"regulars-\d{8}T\d{6}Z\.backup")
_MB = 1_000_000


@click.command()
@data_option
@click.option("--to", "folder", metavar="FOLDER", help="Name the file by its time, and put it into FOLDER.")
@click.option(
    "--keep", type=click.IntRange(1), metavar="N", default=7, show_default=True, help="With --to: keep the newest N."
)
@click.option("--verify", is_flag=True, help="Load it into a PostgreSQL of its own afterwards, and compare.")
@click.argument("file", required=False)
def backup(data: str | None, folder: str | None, keep: int, verify: bool, file: str | None) -> None:
    """Write all workspaces into FILE, as they are in one moment, while everything runs.

    The file holds all that is remembered of everybody: it is yours alone to read (mode 0600). Keep it elsewhere, and
    keep regulars.toml beside it: settings are not in it. It is damaged or whole, never half: --verify proves it.
    """
    from regulars.cli.place import opened
    from regulars.settings import load
    from regulars.store.backup import back_up
    from regulars.store.restore import check_backup
    from regulars.words.clock import utc_now
    from regulars.words.errors import Invalid

    if (file is None) == (folder is None):
        raise Invalid("Name the file to write, or with --to the folder to put it into.")
    target = Path(file).absolute() if file else _next(Path(str(folder)).absolute(), utc_now())
    with opened(load(data=data)) as database:
        notes = back_up(database, target)
    click.echo(f"{target}: {target.stat().st_size / _MB:.1f} MB, true for {notes.taken_at:%Y-%m-%d %H:%M:%S} UTC.")
    _say_heads(notes)
    if verify:
        check_backup(target)
        _say_checked(notes)
    if folder:
        _keep(target.parent, keep)


@click.command()
@data_option
@click.option("--check", is_flag=True, help="Load it into a PostgreSQL that is thrown away, and compare; no more.")
@click.argument("file")
def restore(data: str | None, check: bool, file: str) -> None:
    """Load the backup FILE into an empty data folder (or into the empty database of REGULARS_DATABASE_URL).

    Everybody has to log in again. Messages that waited when the backup was taken are not sent: they may have been sent
    after it. They are kept as refused, with that reason.
    """
    from regulars.settings import load
    from regulars.store.restore import check_backup

    if check:
        _say_checked(check_backup(Path(file)))
        return
    settings = load(data=data)
    settled: list[Settled] = []
    notes = _restore(settings, Path(file), settled)
    where = "the database of REGULARS_DATABASE_URL" if settings.database_url else str(settings.data)
    click.echo(f"{file} is restored into {where}, as of {notes.taken_at:%Y-%m-%d %H:%M:%S} UTC.")
    _say_heads(notes)
    for one in settled:
        click.echo(
            f"  {one.workspace}: {one.refused} messages that waited are not sent, {one.doubted} were just being sent; "
            f"followers have {one.behind} events to take."
        )
    click.echo("Everybody has to log in again. Start it with 'regulars serve'.")


def _restore(settings: "Settings", file: Path, settled: "list[Settled]") -> "Notes":
    from regulars.cli.place import held
    from regulars.loop.restored import settle
    from regulars.store.given import check_given
    from regulars.store.restore import restore_folder, restore_given
    from regulars.words.clock import utc_now

    def put_in_order(database: "Database", notes: "Notes") -> None:
        settled.extend(settle(database, notes.taken_at, utc_now()))

    if settings.database_url:
        check_given(settings.database_url)
        return restore_given(file, settings.database_url, put_in_order)
    with held(settings):
        return restore_folder(file, settings.data, put_in_order)


def _next(folder: Path, now: "datetime") -> Path:
    from regulars.store.backup import sweep_parts
    from regulars.words.errors import Invalid

    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Invalid(
            "{folder} cannot be used ({problem}). Name another folder.", folder=folder, problem=error.strerror
        ) from error
    sweep_parts(folder, "regulars-*.backup")
    return folder / f"regulars-{now:%Y%m%dT%H%M%SZ}.backup"


def _keep(folder: Path, most: int) -> None:
    """Remove all but the newest of what was written here under a name of ours."""
    ours = sorted(path for path in folder.iterdir() if _KEPT.fullmatch(path.name))
    for old in ours[:-most]:
        old.unlink()
        click.echo(f"{old} is removed: the newest {most} are kept.")


def _say_heads(notes: "Notes") -> None:
    for schema, head in notes.heads.items():
        click.echo(f"  {schema.removeprefix('ws_')}: up to event {head}")


def _say_checked(notes: "Notes") -> None:
    click.echo(
        f"Checked by loading it: {notes.rows} rows in {len(notes.counts)} tables and the last event of "
        f"{len(notes.heads)} logs are as they were on {notes.taken_at:%Y-%m-%d %H:%M:%S} UTC."
    )
