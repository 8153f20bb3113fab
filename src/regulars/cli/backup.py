"""`regulars backup`: everything in one file, while everything runs."""

import re
from datetime import timedelta
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

import click

from regulars.cli.options import data_option
from regulars.cli.progress import telling

if TYPE_CHECKING:
    from datetime import datetime

    from regulars.store.backup import Notes

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
    The list of erasures is not in it either, and must outlive it: see 'regulars restore --help'.
    """
    from regulars.access.audit import Deed
    from regulars.access.links import open_links
    from regulars.cli.deeds import note_everywhere
    from regulars.cli.place import opened
    from regulars.settings import load
    from regulars.store.backup import Made, back_up, note_backup
    from regulars.store.erasures import ErasureList
    from regulars.store.restore import check_backup
    from regulars.words.clock import utc_now
    from regulars.words.errors import Invalid

    if (file is None) == (folder is None):
        raise Invalid("Name the file to write, or with --to the folder to put it into.")
    target = Path(file).absolute() if file else _next(Path(str(folder)).absolute(), utc_now())
    settings, began = load(data=data), monotonic()
    erasures = ErasureList.of(settings)
    with opened(settings) as database:
        open_links(database)  # what the list of erasures is read by must be in the backup
        erasures.begin(utc_now())
        notes = back_up(database, target, telling("written"))
        size = target.stat().st_size
        made = Made(notes.taken_at, utc_now(), size, checked=False, place=str(target))
        note_backup(database, made)
        click.echo(
            f"{target}: {size / _MB:.1f} MB in {monotonic() - began:.1f} s, "
            f"true for {notes.taken_at:%Y-%m-%d %H:%M:%S} UTC."
        )
        say_heads(notes)
        note_everywhere(database, Deed("backup.taken", "file", target.name))
        if verify:
            began = monotonic()
            check_backup(target, telling("loaded to check it"))
            note_backup(database, Made(notes.taken_at, utc_now(), size, checked=True, place=str(target)))
            say_checked(notes, monotonic() - began)
    if folder:
        _keep(target.parent, keep)
    erasures.prune(utc_now() - timedelta(days=settings.restore_max_age))


def say_heads(notes: "Notes") -> None:
    """Say how far each log goes in a backup."""
    for schema, head in notes.heads.items():
        click.echo(f"  {schema.removeprefix('ws_')}: up to event {head}")


def say_checked(notes: "Notes", seconds: float) -> None:
    """Say that a backup was found whole."""
    click.echo(
        f"Checked by loading it, in {seconds:.1f} s: {notes.rows} rows in {len(notes.counts)} tables and the last "
        f"event of {len(notes.heads)} logs are as they were on {notes.taken_at:%Y-%m-%d %H:%M:%S} UTC."
    )


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
