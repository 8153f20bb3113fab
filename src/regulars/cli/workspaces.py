"""`regulars workspace`."""

from pathlib import Path

import click

from regulars.cli.options import data_option, login_link_command


@click.group()
def workspace() -> None:
    """Make, list, take along and delete workspaces: one for each brand."""


@workspace.command()
@data_option
@click.option("--title", default="", help="The brand's name (else NAME).")
@click.option(
    "--delivery", default="sandbox", show_default=True, help="The channel that carries e-mail: smtp, sandbox."
)
@click.option("--sender", default="", metavar="'NAME <ADDRESS>'", help="From whom e-mail comes.")
@click.option("--zone", default="UTC", show_default=True, metavar="ZONE", help="By whose clock times are written.")
@click.option("--owner", default="owner@localhost", show_default=True, metavar="EMAIL", help="Who may log in.")
@click.argument("name")
def create(data: str | None, title: str, delivery: str, sender: str, zone: str, owner: str, name: str) -> None:
    """Make the workspace NAME (a to z, 0 to 9, _), with one person in its team."""
    from regulars.access.audit import Deed
    from regulars.access.people import add_person
    from regulars.access.workspaces import create_workspace
    from regulars.cli.deeds import note_done
    from regulars.cli.place import opened
    from regulars.settings import load

    settings = load(data=data)
    with opened(settings) as database:
        create_workspace(database, name, title or name, delivery=delivery, sender=sender, zone=zone)
        add_person(database, owner, owner.partition("@")[0], name)
        note_done(database, name, Deed("workspace.made", "workspace", name, title or name))
        note_done(database, name, Deed("person.added", "person", owner.strip().casefold(), after={"role": "owner"}))
    click.echo(f"The workspace '{name}' is there. A log-in link: {login_link_command(data, owner)}")
    if delivery == "smtp" and not settings.smtp_url:
        click.echo(
            "regulars: no mail can leave yet, for REGULARS_SMTP_URL is empty. Set it for 'regulars serve', as "
            "smtp://user:password@host:port or smtps://..., or smtp_url in "
            f"{settings.data / 'regulars.toml'}; until then messages wait.",
            err=True,
        )


@workspace.command(name="list")
@data_option
def list_all(data: str | None) -> None:
    """Print all workspaces, and which are deleted."""
    from regulars.access.workspaces import KEPT, all_workspaces
    from regulars.cli.place import opened
    from regulars.settings import load

    with opened(load(data=data)) as database:
        for one in all_workspaces(database):
            gone = f"\tdeleted, gone on {one.closed_at + KEPT:%Y-%m-%d %H:%M} UTC" if one.closed_at else ""
            click.echo(f"{one.name}\t{one.title}\t{one.delivery}\t{one.sender}{gone}")


@workspace.command()
@data_option
@click.argument("name")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def export(data: str | None, name: str, file: Path) -> None:
    """Write everything of the workspace NAME into FILE, a zip; a README inside says what is where."""
    from regulars.access.audit import Deed
    from regulars.access.workspaces import get_workspace
    from regulars.cli.deeds import note_done
    from regulars.cli.place import opened
    from regulars.loop.exporting import write_to
    from regulars.settings import load
    from regulars.words.clock import utc_now

    with opened(load(data=data)) as database:
        get_workspace(database, name)
        with click.progressbar(length=1000, label="Taking along") as bar:

            def show(done: int, total: int) -> None:
                bar.update(1000 * done // max(total, 1) - bar.pos)

            rows = write_to(database, name, file, utc_now(), show)
        note_done(database, name, Deed("workspace.export.taken", "workspace", name))
    click.echo(f"{file} has everything of '{name}': {rows:,} lines, {file.stat().st_size / 1_000_000:.1f} MB.")


@workspace.command()
@data_option
@click.option("--sure", metavar="NAME", help="The name once more, instead of being asked for it.")
@click.argument("name")
def delete(data: str | None, sure: str | None, name: str) -> None:
    """Delete the workspace NAME: it closes at once, and is gone after seven days."""
    from regulars.access.audit import COMMAND_LINE, Deed
    from regulars.access.workspaces import KEPT, close_workspace, get_workspace
    from regulars.cli.deeds import note_done
    from regulars.cli.place import opened
    from regulars.settings import load
    from regulars.words.clock import utc_now
    from regulars.words.errors import Invalid

    with opened(load(data=data)) as database:
        known = get_workspace(database, name)
        typed = sure if sure is not None else click.prompt(f"Type {name} to delete '{known.title}'", err=True)
        if typed.strip() != name:
            raise Invalid("This is not its name. Nothing was deleted.")
        note_done(database, name, Deed("workspace.deleted", "workspace", name, known.title))
        with database.shared() as tx:
            close_workspace(tx, name, COMMAND_LINE.name, utc_now())
    click.echo(f"'{name}' is closed. For {KEPT.days} days 'regulars workspace take-back {name}' brings it back.")


@workspace.command(name="take-back")
@data_option
@click.argument("name")
def take_back(data: str | None, name: str) -> None:
    """Bring back the workspace NAME, deleted less than seven days ago."""
    from regulars.access.audit import Deed
    from regulars.access.workspaces import take_back as open_again
    from regulars.cli.deeds import note_done
    from regulars.cli.place import opened
    from regulars.settings import load

    with opened(load(data=data)) as database:
        with database.shared() as tx:
            open_again(tx, name)
        note_done(database, name, Deed("workspace.taken.back", "workspace", name))
    click.echo(f"'{name}' is back.")
