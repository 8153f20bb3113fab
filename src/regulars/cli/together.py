"""`regulars together`."""

import click

from regulars.cli.options import data_option, workspace_option

_WIDEST = 60


@click.command()
@data_option
@click.option("--by", type=click.Choice(["lift", "confidence", "orders"]), default="lift", show_default=True)
@click.option("--product", default="", metavar="NUMBER", help="Only with this product.")
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True, help="How many lines.")
@workspace_option
def together(data: str | None, workspace: str, by: str, product: str, limit: int) -> None:
    """Print what is bought together: of the orders with the first, how many have the other, too."""
    from regulars.cli.place import entered
    from regulars.cli.tables import table
    from regulars.settings import load
    from regulars.understand import together as rules

    with entered(load(data=data), workspace) as tx:
        made = rules.made(tx)
        found = rules.find(tx, rules.Which(product=product), by=by, limit=limit)
        names = rules.called(tx, found)
    lines = [
        (
            " + ".join(names[one].name for one in each.given)[:_WIDEST],
            names[each.follows].name[:_WIDEST],
            f"{each.orders:,}",
            f"{each.support:.2%}",
            f"{each.confidence:.1%}",
            f"{each.lift:.2f}",
        )
        for each in found
    ]
    if found:
        table(("bought", "with it", "orders", "of all", "confidence", "lift"), lines, words=2)
    if made is None:
        click.echo("Nobody has looked yet: a work process ('regulars serve') does, when there are orders.", err=True)
    else:
        click.echo(
            f"From {made.orders:,} orders, {made.made_at:%Y-%m-%d %H:%M} UTC; each rests on {made.fewest} or more.",
            err=True,
        )
