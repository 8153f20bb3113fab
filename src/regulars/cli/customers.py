"""`regulars customer`."""

from pathlib import Path

import click

from regulars.cli.options import data_option, workspace_option


@click.group()
def customer() -> None:
    """Take everything of one customer along, or have a customer forgotten. REF: a number, or email:ieva@example.com."""


@customer.command()
@data_option
@workspace_option
@click.argument("ref")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def export(data: str | None, workspace: str, ref: str, file: Path) -> None:
    """Write everything of the customer REF into FILE (zip: one JSON file, and a CSV file for each kind of thing)."""
    from shutil import copyfileobj

    from regulars.access.audit import Deed
    from regulars.cli.deeds import changing
    from regulars.web.api.whom import customer_at
    from regulars.web.taking import of_team
    from regulars.words.errors import Invalid

    with changing(data, workspace) as (tx, deeds):
        number = customer_at(tx, ref)
        made = of_team(tx, number)
        deeds.append(Deed("customer.taken", "customer", str(number)))
    try:
        file.touch(mode=0o600)
        with made, file.open("wb") as out:
            copyfileobj(made, out)
    except OSError as error:
        raise Invalid("{file} cannot be written: {problem}.", file=file, problem=error.strerror) from error
    click.echo(f"Everything of customer {number} is in {file}. Give it to nobody else.")


@customer.command()
@data_option
@workspace_option
@click.option("--anonymise", is_flag=True, help="Leave an anonymous customer with the days and amounts.")
@click.option("--sure", type=int, default=None, help="The customer's number: nobody can take this back.")
@click.argument("ref")
def forget(data: str | None, workspace: str, ref: str, sure: int | None, *, anonymise: bool) -> None:
    """Have the customer REF forgotten whole, for good. A work process ('regulars serve') does it."""
    from regulars.access.audit import Deed
    from regulars.access.gone_records import ASKED
    from regulars.cli.deeds import changing
    from regulars.remember import erasure_records as erasures
    from regulars.web.api.whom import customer_at
    from regulars.words.clock import utc_now
    from regulars.words.errors import Invalid

    with changing(data, workspace) as (tx, deeds):
        number = customer_at(tx, ref)
        if sure != number:
            raise Invalid("Nobody can take this back. If you mean it, add: --sure {number}", number=number)
        asked = erasures.ask(tx, number, "anonymise" if anonymise else "erase", utc_now())
        deeds.append(Deed(ASKED, "customer", str(number)))
    click.echo(f"Customer {number} is to be forgotten ({asked.id}). 'regulars customer forgotten' says how far it is.")


@customer.command()
@data_option
@workspace_option
def forgotten(data: str | None, workspace: str) -> None:
    """Print who was to be forgotten, the newest first: number, how, when, and how far it is."""
    from regulars.cli.place import entered
    from regulars.remember import erasure_records as erasures
    from regulars.settings import load

    with entered(load(data=data), workspace) as tx:
        for one in erasures.list_erasures(tx, limit=1000):
            far = one.state if one.state != "running" else f"running, step {one.steps_done} of {one.steps}: {one.step}"
            click.echo(f"{one.customer_id}\t{one.mode}\t{one.asked_at:%Y-%m-%d %H:%M} UTC\t{far}")
