"""`regulars login-link` and `regulars person`."""

import click

from regulars.cli.options import data_option, login_link_command, workspace_option


@click.command()
@data_option
@click.argument("email", default="")
def login_link(data: str | None, email: str) -> None:
    """Print a link that logs EMAIL (or the first person of the team) in to the console, once, within 15 minutes."""
    from regulars.access.people import make_login_link
    from regulars.cli.place import address, opened, say_where
    from regulars.settings import load
    from regulars.words.clock import utc_now

    settings = load(data=data)
    base = address(settings)
    say_where(settings, data)
    with opened(settings) as database:
        token = make_login_link(database, email, utc_now())
    click.echo(f"{base}/console/login/{token}")


@click.group()
def person() -> None:
    """Say who belongs to the team."""


@person.command()
@data_option
@workspace_option
@click.option("--name", default="", help="How the console calls them (else the e-mail).")
@click.argument("email")
def add(data: str | None, workspace: str, name: str, email: str) -> None:
    """Add EMAIL to a workspace's team."""
    from regulars.access.people import add_person
    from regulars.access.workspaces import get_workspace
    from regulars.cli.place import opened
    from regulars.settings import load

    with opened(load(data=data)) as database:
        add_person(database, email, name or email, get_workspace(database, workspace).name)
    click.echo(f"{email} belongs to '{workspace}'. A log-in link: {login_link_command(data, email)}")
