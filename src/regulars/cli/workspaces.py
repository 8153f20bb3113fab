"""`regulars workspace`."""

import click

from regulars.cli.options import data_option, login_link_command


@click.group()
def workspace() -> None:
    """Make and list workspaces: one for each brand."""


@workspace.command()
@data_option
@click.option("--title", default="", help="The brand's name (else NAME).")
@click.option(
    "--delivery", default="sandbox", show_default=True, help="The channel that carries e-mail: smtp, sandbox."
)
@click.option("--sender", default="", metavar="'NAME <ADDRESS>'", help="From whom e-mail comes.")
@click.option("--owner", default="owner@localhost", show_default=True, metavar="EMAIL", help="Who may log in.")
@click.argument("name")
def create(data: str | None, title: str, delivery: str, sender: str, owner: str, name: str) -> None:
    """Make the workspace NAME (a to z, 0 to 9, _), with one person in its team."""
    from regulars.access.audit import Deed
    from regulars.access.people import add_person
    from regulars.access.workspaces import create_workspace
    from regulars.cli.deeds import note_done
    from regulars.cli.place import opened
    from regulars.settings import load

    settings = load(data=data)
    with opened(settings) as database:
        create_workspace(database, name, title or name, delivery=delivery, sender=sender)
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
    """Print all workspaces."""
    from regulars.access.workspaces import list_workspaces
    from regulars.cli.place import opened
    from regulars.settings import load

    with opened(load(data=data)) as database:
        for one in list_workspaces(database):
            click.echo(f"{one.name}\t{one.title}\t{one.delivery}\t{one.sender}")
