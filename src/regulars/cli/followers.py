"""`regulars followers` and `regulars quarantine`: what reacts to the log, and what it could not take."""

import click

from regulars.cli.options import data_option, workspace_option


@click.group()
def followers() -> None:
    """See, pause, resume and replay what reacts to the log."""


@followers.command(name="list")
@data_option
@workspace_option
def list_all(data: str | None, workspace: str) -> None:
    """Print every follower and how many events it is behind."""
    from regulars.cli.place import entered
    from regulars.settings import load
    from regulars.store.follow import lags

    with entered(load(data=data), workspace) as tx:
        for lag in lags(tx):
            state = f"paused: {lag.note}" if lag.paused else "runs"
            click.echo(f"{lag.name}\t{lag.role}\t{lag.behind} behind\t{state}")


@followers.command()
@data_option
@workspace_option
@click.option("--note", default="by hand", show_default=True, help="Why, for whoever looks next.")
@click.argument("name")
def pause(data: str | None, workspace: str, note: str, name: str) -> None:
    """Let the follower NAME stand still; those that may not overtake it wait too."""
    from regulars.access.audit import Deed
    from regulars.cli.deeds import changing
    from regulars.loop import followers as house

    with changing(data, workspace) as (tx, deeds):
        house.pause(tx, name, note)
        deeds.append(Deed("follower.paused", "follower", name))
    click.echo(f"'{name}' stands still.")


@followers.command()
@data_option
@workspace_option
@click.argument("name")
def resume(data: str | None, workspace: str, name: str) -> None:
    """Let the follower NAME go on from where it stands."""
    from regulars.access.audit import Deed
    from regulars.cli.deeds import changing
    from regulars.loop import followers as house

    with changing(data, workspace) as (tx, deeds):
        house.resume(tx, name)
        deeds.append(Deed("follower.resumed", "follower", name))
    click.echo(f"'{name}' goes on.")


@followers.command()
@data_option
@workspace_option
@click.argument("name")
def replay(data: str | None, workspace: str, name: str) -> None:
    """Forget what the follower NAME derived and derive it anew from the whole log."""
    from regulars.access.audit import Deed
    from regulars.cli.deeds import changing
    from regulars.loop import followers as house

    with changing(data, workspace) as (tx, deeds):
        house.replay(tx, name)
        deeds.append(Deed("follower.replayed", "follower", name))
    click.echo(f"'{name}' starts over, with all that derive from it; 'regulars followers list' shows how far it is.")


@click.group()
def quarantine() -> None:
    """See and retry events that a follower could not take."""


@quarantine.command(name="list")
@data_option
@workspace_option
def list_quarantined(data: str | None, workspace: str) -> None:
    """Print every event in quarantine, with its error."""
    from regulars.cli.place import entered
    from regulars.settings import load
    from regulars.store.records import list_quarantine

    with entered(load(data=data), workspace) as tx:
        for one in list_quarantine(tx):
            click.echo(f"{one.follower}\t{one.seq}\t{one.at:%Y-%m-%d %H:%M:%S}\t{one.error}")


@quarantine.command()
@data_option
@workspace_option
@click.argument("follower")
@click.argument("seq", type=int)
def retry(data: str | None, workspace: str, follower: str, seq: int) -> None:
    """Give event SEQ to FOLLOWER once more."""
    from regulars.access.audit import Deed
    from regulars.cli.deeds import changing
    from regulars.loop.followers import follower_named
    from regulars.store.follow import run_again
    from regulars.words.clock import utc_now
    from regulars.words.errors import Invalid, RegularsError

    known = follower_named(follower)
    try:
        with changing(data, workspace) as (tx, deeds):
            run_again(tx, known, seq, utc_now())
            deeds.append(Deed("event.taken.again", "follower", follower, after={"event": seq}))
    except RegularsError:
        raise
    except Exception as error:
        raise Invalid(
            "'{follower}' still cannot take event {seq}: {problem}. It stays in quarantine.",
            follower=follower,
            seq=seq,
            problem=f"{type(error).__name__}: {error}",
        ) from error
    click.echo(f"'{follower}' took event {seq}.")
