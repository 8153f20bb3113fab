"""`regulars upgrade`: from one PostgreSQL to the next."""

from time import monotonic

import click

from regulars.cli.options import data_option
from regulars.cli.progress import telling


@click.command()
@data_option
def upgrade(data: str | None) -> None:
    """Bring a data folder that an older PostgreSQL made to the one that travels with this Regulars.

    Stop Regulars first, and make a backup. Everything is written out by the old one, loaded by the new one and
    compared; the old files are kept beside. It needs room for all of it once more, and a half. The tables themselves
    are brought up to date by the next start, as ever.
    """
    from regulars.cli.place import held
    from regulars.settings import load
    from regulars.store.programs import MAJOR
    from regulars.store.upgrade import upgrade as move
    from regulars.words.errors import Invalid

    settings, began = load(data=data), monotonic()
    if settings.database_url:
        raise Invalid(
            "REGULARS_DATABASE_URL names a database that somebody else runs. Upgrade it there: by its own tools, or by "
            "'regulars backup', and 'regulars restore' into an empty database of the new one."
        )
    if not settings.data.is_dir():
        raise Invalid("There is nothing in {data}. Name another: --data DIR", data=settings.data)
    with held(settings):
        done = move(settings.data, telling("written"), telling("loaded"))
    if done is None:
        click.echo(f"{settings.data} is PostgreSQL {MAJOR}'s already. There is nothing to do.")
        return
    rows = f"{done.notes.rows} rows in {len(done.notes.counts)} tables are" if done.notes else "All is"
    click.echo(
        f"{rows} with PostgreSQL {done.now} now, as they were with {done.before} ({monotonic() - began:.1f} s). The "
        f"old files are in {done.aside}; remove them when all is well."
    )
