"""`regulars serve`: PostgreSQL, web and work in one command."""

import click

from regulars.cli.options import address_options, data_option, first_workspace_command, login_link_command


@click.command()
@data_option
@address_options
def serve(data: str | None, host: str | None, port: int | None) -> None:
    """Start PostgreSQL (unless REGULARS_DATABASE_URL names one), web and work, and keep them running.

    Ctrl-C ends everything.
    """
    from regulars.access.people import find_owner
    from regulars.cli.place import opened
    from regulars.cli.running import run_house
    from regulars.settings import Settings, load

    def ready(settings: Settings) -> None:
        named = data and settings.data
        click.echo(f"Regulars is at {settings.outside_url}/console   (data: {settings.data})")
        with opened(settings) as database:
            if find_owner(database) is None:
                click.echo(f"Nobody can log in yet. A first workspace: {first_workspace_command(named)}")
            else:
                click.echo(f"A log-in link: {login_link_command(named)}")
        click.echo("Ctrl-C ends it.")

    run_house(load(data=data, host=host, port=port), ready=ready)
