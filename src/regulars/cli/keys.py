"""`regulars key`."""

import click

from regulars.cli.options import data_option, workspace_option


@click.group()
def key() -> None:
    """Make, list and revoke keys for machines."""


@key.command(name="create")
@data_option
@workspace_option
@click.option("--scope", required=True, help="browser (public: stands in page source), write, read or admin.")
@click.option("--name", default="", help="What it is for.")
def create_key(data: str | None, workspace: str, scope: str, name: str) -> None:
    """Print a new key. It is shown this once."""
    from regulars.access.audit import Deed
    from regulars.access.keys import add_key
    from regulars.cli.deeds import changing

    with changing(data, workspace) as (tx, deeds):
        made, secret = add_key(tx, workspace, scope, name)
        deeds.append(Deed("key.made", "key", str(made.id), made.name, after={"scope": made.scope}))
    click.echo(secret)


@key.command(name="list")
@data_option
@workspace_option
def list_all(data: str | None, workspace: str) -> None:
    """Print the keys of a workspace: number, scope, name, when made, when last used."""
    from regulars.access.keys import list_keys
    from regulars.cli.place import entered
    from regulars.settings import load

    with entered(load(data=data), workspace) as tx:
        for one in list_keys(tx, workspace):
            used = one.used_at.isoformat(" ", "minutes") if one.used_at else "never used"
            click.echo(f"{one.id}\t{one.scope}\t{one.name}\t{one.created_at.isoformat(' ', 'minutes')}\t{used}")


@key.command()
@data_option
@workspace_option
@click.argument("number", type=click.IntRange(1, 2**63 - 1))
def revoke(data: str | None, workspace: str, number: int) -> None:
    """Let the key NUMBER (see 'regulars key list') open nothing any more."""
    from regulars.access.audit import Deed
    from regulars.access.keys import revoke_key
    from regulars.cli.deeds import changing

    with changing(data, workspace) as (tx, deeds):
        gone = revoke_key(tx, workspace, number)
        deeds.append(Deed("key.revoked", "key", str(gone.id), gone.name, before={"scope": gone.scope}))
    click.echo(f"The key {number} ({gone.scope}) is revoked: within ten seconds it opens nothing.")
