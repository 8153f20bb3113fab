"""`regulars restore`: a backup, loaded into an empty place; what was forgotten since is forgotten again."""

from datetime import timedelta
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

import click

from regulars.cli.backup import say_checked, say_heads
from regulars.cli.options import data_option, serve_command
from regulars.cli.progress import telling

if TYPE_CHECKING:
    from regulars.loop.erasures import Replayed
    from regulars.loop.restored import Settled
    from regulars.settings import Settings
    from regulars.store.backup import Notes
    from regulars.store.database import Database
    from regulars.store.erasures import Heard
    from regulars.store.restore import Settle


@click.command()
@data_option
@click.option("--check", is_flag=True, help="Load it into a PostgreSQL that is thrown away, and compare; no more.")
@click.option(
    "--erasures", multiple=True, metavar="LIST", help="The old house's list of erasures; of several hosts, one each."
)
@click.option("--even-if-old", is_flag=True, help="Restore it though nobody can tell what was forgotten since.")
@click.option("--bring-back", multiple=True, metavar="NAME", help="A workspace that was deleted since, and is wanted.")
@click.argument("file")
def restore(
    data: str | None, check: bool, erasures: tuple[str, ...], even_if_old: bool, bring_back: tuple[str, ...], file: str
) -> None:
    """Load the backup FILE into an empty data folder (or into the empty database of REGULARS_DATABASE_URL).

    Everybody has to log in again. Messages that waited when the backup was taken are not sent: they may have been sent
    after it. They are kept as refused, with that reason.

    What customers had forgotten after the backup is forgotten again. That is read from the list of erasures: of the new
    place, of --erasures, or else of where the old house had it.
    """
    from regulars.access.audit import Deed, open_audit
    from regulars.cli.deeds import note_everywhere
    from regulars.loop.erasures import Replayed
    from regulars.loop.restored import settle
    from regulars.settings import load
    from regulars.store.backup import read_notes
    from regulars.store.restore import check_backup
    from regulars.web.gone_records import STEPS
    from regulars.wiring import erasing_steps
    from regulars.words.clock import utc_now

    began = monotonic()
    if check:
        say_checked(check_backup(Path(file), telling("loaded to check it")), monotonic() - began)
        return
    settings, notes = load(data=data), read_notes(Path(file))
    lists = _lists(settings, notes, erasures, even_if_old=even_if_old)
    settled: list[Settled] = []
    replayed: list[Replayed] = [Replayed()]

    def put_in_order(database: "Database", notes: "Notes") -> None:
        how: dict[str, Any] = {"bring_back": bring_back, "even_if_old": even_if_old}
        steps = erasing_steps(settings, open_audit(database), STEPS)
        found, again = settle(database, notes.taken_at, utc_now(), list(lists.values()), steps=steps, **how)
        settled.extend(found)
        replayed.append(again)
        _take_over(database, settings, notes, Path(file), list(lists.values()))
        after = {"as_of": notes.taken_at.isoformat(timespec="seconds")}
        note_everywhere(database, Deed("house.restored", "file", Path(file).name, after=after))

    _restore(settings, Path(file), put_in_order)
    _say(file, notes, settings, began)
    _say_settled(settled)
    _say_replayed(replayed[-1], lists, settings)
    click.echo(f"Everybody has to log in again. Start it with: {serve_command(data)}")


def _say(file: str, notes: "Notes", settings: "Settings", began: float) -> None:
    where = "the database of REGULARS_DATABASE_URL" if settings.database_url else str(settings.data)
    click.echo(
        f"{file} is restored into {where} in {monotonic() - began:.1f} s, as of {notes.taken_at:%Y-%m-%d %H:%M:%S} UTC."
    )
    say_heads(notes)


def _say_settled(settled: "list[Settled]") -> None:
    for one in settled:
        click.echo(
            f"  {one.workspace}: {one.refused} messages that waited are not sent, {one.doubted} were just being sent; "
            f"followers have {one.behind} events to take."
        )


def _lists(
    settings: "Settings", notes: "Notes", named: tuple[str, ...], *, even_if_old: bool
) -> "dict[Path, Heard]":  # fmt: skip
    """Return the lists of erasures there are; raise where they do not cover the time since the backup."""
    from regulars.loop.erasures import check_age
    from regulars.store.erasures import ErasureList
    from regulars.words.clock import utc_now
    from regulars.words.errors import Invalid, RegularsError

    found: dict[Path, Heard] = {}
    places = [settings.erasure_list, *map(Path, named)]
    if not named and not settings.erasure_list.exists() and notes.erasures:
        places.append(Path(notes.erasures))
    for place in dict.fromkeys(path.absolute() for path in places):
        heard = ErasureList(place).read()
        if heard is not None:
            found[place] = heard
        elif str(place) in named or place in map(Path, named):
            raise Invalid("There is no list of erasures at {file}. Name the file.", file=place)
    try:
        check_age(
            notes.taken_at,
            list(found.values()),
            utc_now(),
            timedelta(days=settings.restore_max_age),
            where=str(settings.erasure_list),
        )
    except RegularsError as error:
        if not even_if_old:
            raise
        click.echo(f"regulars: restored all the same: {error}", err=True)
    return found


def _take_over(database: "Database", settings: "Settings", notes: "Notes", file: Path, lists: "list[Heard]") -> None:
    """Let the new house know of its last backup, and go on with the list."""
    from regulars.store.backup import Made, note_backup
    from regulars.store.erasures import ErasureList
    from regulars.words.clock import utc_now

    place, size = str(file.absolute()), file.stat().st_size
    note_backup(database, Made(notes.taken_at, notes.taken_at, size, checked=True, place=place))
    ErasureList.of(settings).take_over(lists, utc_now())


def _restore(settings: "Settings", file: Path, put_in_order: "Settle") -> None:
    from regulars.cli.place import held
    from regulars.store.given import check_given
    from regulars.store.restore import restore_folder, restore_given

    if settings.database_url:
        check_given(settings.database_url)
        restore_given(file, settings.database_url, put_in_order, telling("loaded"))
        return
    with held(settings):
        restore_folder(file, settings.data, put_in_order, telling("loaded"))


def _say_replayed(again: "Replayed", lists: "dict[Path, Heard]", settings: "Settings") -> None:
    read = ", ".join(map(str, lists)) or "no list"
    click.echo(
        f"Forgotten again, by {read}: {again.erasures} erasures that the backup had not heard of; {again.found} of "
        f"them met somebody whom it knows. The list goes on in {settings.erasure_list}."
    )
    for name in again.deleted:
        click.echo(f"  {name}: was deleted after the backup and is not restored. To have it: --bring-back {name}")
