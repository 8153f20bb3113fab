"""`regulars buying`."""

from typing import TYPE_CHECKING

import click

from regulars.cli.options import data_option, workspace_option

if TYPE_CHECKING:
    from regulars.understand.buyers import Made

_WIDEST = 60


@click.group()
def buying() -> None:
    """How customers buy: who lately, often and for much; who is new; who is at which stage; which kinds of product."""


@buying.command()
@data_option
@workspace_option
def cells(data: str | None, workspace: str) -> None:
    """Print how many customers bought how lately and how often, in fifths: 5 is the best.

    What they come to is in the currency of most of a customer's orders; those in others are counted, not added.
    """
    from regulars.cli.place import entered
    from regulars.cli.tables import table
    from regulars.settings import load
    from regulars.understand import buyers
    from regulars.words.money import major

    with entered(load(data=data), workspace) as tx:
        made, found = buyers.made(tx), buyers.cells(tx)
    if found:
        table(
            ("lately", "often", "customers", "orders", "come to"),
            [
                (
                    str(one.recency),
                    str(one.frequency),
                    f"{one.customers:,}",
                    f"{one.orders:,}",
                    ", ".join(f"{major(net, code):,} {code}".strip() for code, net in sorted(one.net.items())),
                )
                for one in found
            ],
            words=0,
        )
    _say_when(made)


@buying.command()
@data_option
@workspace_option
def months(data: str | None, workspace: str) -> None:
    """Print who was new and who returned, month by month and currency by currency."""
    from regulars.cli.place import entered
    from regulars.cli.tables import table
    from regulars.settings import load
    from regulars.understand import buyers
    from regulars.words.money import major

    with entered(load(data=data), workspace) as tx:
        made, found = buyers.made(tx), buyers.months(tx)
    if found:
        table(
            ("month", "in", "new", "returning", "orders", "orders again", "spent", "spent again"),
            [
                (
                    f"{one.month:%Y-%m}",
                    "all" if one.currency is None else one.currency,
                    f"{one.new_customers:,}",
                    f"{one.returning_customers:,}",
                    f"{one.new_orders:,}",
                    f"{one.returning_orders:,}",
                    "" if one.currency is None else f"{major(one.new_net, one.currency):,}",
                    "" if one.currency is None else f"{major(one.returning_net, one.currency):,}",
                )
                for one in found
            ],
            words=2,
        )
    _say_when(made)


@buying.command()
@data_option
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True, help="How many lines.")
@workspace_option
def stages(data: str | None, workspace: str, limit: int) -> None:
    """Print how many customers are at each purchase stage, category by category."""
    from regulars.cli.place import entered
    from regulars.cli.tables import table
    from regulars.settings import load
    from regulars.understand import staging

    with entered(load(data=data), workspace) as tx:
        found = staging.counts(tx, limit)
    rows = [
        (one.category, *(f"{n:,}" for n in (one.intent, one.evaluation, one.purchase, one.after_sale))) for one in found
    ]
    if rows:
        table(("category", "intent", "evaluation", "purchase", "after-sale"), rows)
    else:
        click.echo("Nobody is at a purchase stage.", err=True)


@buying.command()
@data_option
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True, help="How many lines.")
@workspace_option
def products(data: str | None, workspace: str, limit: int) -> None:
    """Print what kind each product is by how it is bought, those in most orders first."""
    from regulars.cli.place import entered
    from regulars.cli.tables import table
    from regulars.settings import load
    from regulars.understand import staging

    called = {"standard": "standard", "compared": "compared", "at_sight": "known brand or impulse", "": "not known"}
    with entered(load(data=data), workspace) as tx:
        found = staging.kinds(tx, None, limit)
    rows = [
        (one.name[:_WIDEST], called[one.kind], *(f"{n:,}" for n in (one.orders, one.again, one.watched, one.compared)))
        for one in found
    ]
    if rows:
        table(("product", "kind", "orders", "again", "watched", "compared"), rows, words=2)
    else:
        click.echo("No product was bought by five customers in the last year.", err=True)


def _say_when(made: "Made | None") -> None:
    if made is None:
        click.echo("Nobody has looked yet: a work process ('regulars serve') does, when there are orders.", err=True)
    else:
        click.echo(
            f"From {made.orders:,} orders of {made.customers:,} customers, {made.made_at:%Y-%m-%d %H:%M} UTC.", err=True
        )
