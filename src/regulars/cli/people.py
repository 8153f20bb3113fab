"""`regulars login-link` and `regulars person`."""

import click

from regulars.cli.options import data_option, login_link_command, workspace_option


@click.command()
@data_option
@click.argument("email", default="")
def login_link(data: str | None, email: str) -> None:
    """Print a link that logs EMAIL (or the first person of the team) in to the console, once, within 15 minutes."""
    from regulars.access.people import make_login_link
    from regulars.cli.deeds import note_link
    from regulars.cli.place import address, opened, say_where
    from regulars.settings import load
    from regulars.words.clock import utc_now

    settings = load(data=data)
    base = address(settings)
    say_where(settings, data)
    with opened(settings) as database:
        token = make_login_link(database, email, utc_now())
        note_link(database, email)
    click.echo(f"{base}/console/login/{token}")


@click.group()
def person() -> None:
    """Say who belongs to the team."""


@person.command()
@data_option
@workspace_option
@click.option("--name", default="", help="How the console calls them (else the e-mail).")
@click.option("--role", default="owner", show_default=True, help="owner, marketer, agent, analyst or viewer.")
@click.argument("email")
def add(data: str | None, workspace: str, name: str, role: str, email: str) -> None:
    """Add EMAIL to a workspace's team, or give them another role."""
    from regulars.access.audit import Deed
    from regulars.access.people import put_in_team
    from regulars.cli.deeds import changing

    with changing(data, workspace) as (tx, deeds):
        put_in_team(tx, email, name, workspace, role)
        deeds.append(Deed("person.added", "person", email.strip().casefold(), after={"role": role}))
    click.echo(f"{email} belongs to '{workspace}' ({role}). A log-in link: {login_link_command(data, email)}")


@person.command(name="list")
@data_option
@workspace_option
def list_all(data: str | None, workspace: str) -> None:
    """Print the team of a workspace: e-mail, name, role, when last seen."""
    from regulars.access.team import list_members
    from regulars.cli.place import entered
    from regulars.settings import load

    with entered(load(data=data), workspace) as tx:
        for one in list_members(tx, workspace):
            seen = one.seen_at.isoformat(" ", "minutes") if one.seen_at else "never here"
            click.echo(f"{one.email}\t{one.name}\t{one.role}\t{seen}")


@person.command(name="role")
@data_option
@workspace_option
@click.argument("email")
@click.argument("role")
def give_role(data: str | None, workspace: str, email: str, role: str) -> None:
    """Give EMAIL another ROLE: owner, marketer, agent, analyst or viewer."""
    from regulars.access.audit import Deed
    from regulars.access.team import change_role, member_called
    from regulars.cli.deeds import changing

    with changing(data, workspace) as (tx, deeds):
        before = member_called(tx, workspace, email)
        after = change_role(tx, workspace, before.id, role)
        deeds.append(
            Deed("role.changed", "person", after.email, before={"role": before.role}, after={"role": after.role})
        )
    click.echo(f"{after.email} is {after.role} in '{workspace}'.")


@person.command()
@data_option
@workspace_option
@click.argument("email")
def remove(data: str | None, workspace: str, email: str) -> None:
    """Take EMAIL out of a workspace's team: what they have open there stops answering at once."""
    from regulars.access.audit import Deed
    from regulars.access.team import member_called, remove_member
    from regulars.cli.deeds import changing

    with changing(data, workspace) as (tx, deeds):
        gone = remove_member(tx, workspace, member_called(tx, workspace, email).id)
        deeds.append(Deed("person.removed", "person", gone.email, before={"role": gone.role}))
    click.echo(f"{gone.email} is out of '{workspace}'.")
