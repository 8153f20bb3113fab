"""`regulars groups`."""

import click

from regulars.cli.options import data_option, workspace_option

_WHY = {
    "": "Nobody has looked yet: a work process ('regulars serve') does, once a day.",
    "extra": "Finding groups takes what is not installed. Install it: pip install 'regulars[predict]'",
    "few": "There are too few customers of whom something is known: it takes 30.",
    "same": "Nothing that may be used sets customers apart.",
    "failed": "Finding groups did not succeed. The log of the work process says more.",
}
_SAID = 2


@click.command()
@data_option
@workspace_option
def groups(data: str | None, workspace: str) -> None:
    """Print which groups the customers fall into by what they do and answer, and what sets each apart."""
    from regulars.cli.place import entered
    from regulars.cli.tables import table
    from regulars.settings import load
    from regulars.understand import grouping
    from regulars.web.fact_words import title_of
    from regulars.web.group_words import differences_told

    with entered(load(data=data), workspace) as tx:
        standing, found = grouping.standing(tx), grouping.groups(tx)
        told = differences_told(tx, found, "en")
    whole = sum(one.size for one in found) or 1
    rows = [
        (
            str(one.number),
            title_of(one, "en"),
            "; ".join(said.sentence for said in told[one.number][:_SAID]),
            f"{one.size:,}",
            f"{one.size / whole:.0%}",
        )
        for one in found
    ]
    if rows:
        table(("group", "called", "set apart by", "customers", "of all"), rows, words=3)
    if standing.problem or standing.made_at is None:
        click.echo(_WHY[standing.problem], err=True)
    else:
        apart = f"They stand apart by {standing.apart:.2f} (0 to 1)."
        click.echo(f"Found {standing.made_at:%Y-%m-%d %H:%M} UTC from {standing.drawn:,} customers. {apart}", err=True)
