"""`regulars segment`."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from regulars.cli.options import data_option, workspace_option

if TYPE_CHECKING:
    from regulars.understand.everybody import Engine, Found


@click.group()
def segment() -> None:
    """List, print and save segments; a rule is a file of YAML or JSON."""


@segment.command(name="list")
@data_option
@workspace_option
def list_all(data: str | None, workspace: str) -> None:
    """Print the segments of a workspace: name, version, how many are in it, title."""
    from regulars.cli.place import entered
    from regulars.settings import load
    from regulars.understand.segments import list_segments

    with entered(load(data=data), workspace) as tx:
        for one in list_segments(tx):
            click.echo(f"{one.name}\t{one.version}\t{one.size}\t{one.title}")


@segment.command()
@data_option
@workspace_option
@click.argument("name")
def show(data: str | None, workspace: str, name: str) -> None:
    """Print the rule of the segment NAME as YAML, below the sentence it says."""
    from regulars.cli.place import entered
    from regulars.settings import load
    from regulars.understand import yaml_text
    from regulars.understand.reading import parse
    from regulars.understand.segments import get_segment, sentence
    from regulars.web.fact_words import called_within
    from regulars.web.i18n import ENGLISH

    with entered(load(data=data), workspace) as tx:
        found = get_segment(tx, name)
        rule = parse(found.rule, None)
        said = sentence(rule, called=called_within(tx, ENGLISH))
    click.echo(f"# {found.title}: {said}")
    click.echo(yaml_text.of_rule(rule), nl=False)


@segment.command()
@data_option
@workspace_option
@click.option(
    "--title", default="", help="What the team calls it. Left out, it keeps its title, or is called as its name."
)
@click.argument("name")
@click.argument("file", type=click.File("rb"))
def save(data: str | None, workspace: str, name: str, title: str, file: BinaryIO) -> None:
    """Make the segment NAME of the rule in FILE ('-' is standard input), or give it its next version.

    Who matches is in it at once, and nobody is addressed by that. The same rule once more changes nothing.
    """
    from regulars.access.audit import Deed
    from regulars.cli.deeds import changing
    from regulars.understand import editing, segments, yaml_text
    from regulars.words.clock import utc_now
    from regulars.words.errors import Invalid

    try:
        rule = yaml_text.read(file.read(yaml_text.LONGEST * 4).decode())
    except UnicodeDecodeError as error:
        raise Invalid("The file is not UTF-8 text.") from error
    with changing(data, workspace) as (tx, deeds):
        before = next((one for one in segments.list_segments(tx) if one.name == name), None)
        if before is None:
            saved = segments.create_segment(tx, name, title or name, rule, utc_now())
            after = {"title": saved.title, "rule": saved.rule, "version": saved.version}
            deeds.append(Deed("segment.made", "segment", name, saved.title, after=after))
        else:
            saved = editing.save_segment(tx, name, title or before.title, rule, utc_now())
            versions = {"version": before.version}, {"version": saved.version}
            if saved.version != before.version:
                deeds.append(Deed("segment.changed", "segment", name, saved.title, *versions))
    click.echo(f"{saved.name}: version {saved.version}, {saved.size} customers")


def _engine_option(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--engine",
        type=click.Choice(["postgres", "duckdb", "spark"]),
        default="postgres",
        show_default=True,
        help="Who is asked: the database, of this moment; or, of what the mirror has (docs/mirror.md), DuckDB here or "
        "the Spark cluster that REGULARS_SPARK_URL names.",
    )(command)


@segment.command()
@data_option
@workspace_option
@_engine_option
@click.argument("name")
def count(data: str | None, workspace: str, name: str, engine: "Engine") -> None:
    """Ask everybody the rule of the segment NAME, and print how many it finds."""
    with _asked(data, workspace, name, engine) as found:
        click.echo(sum(len(some) for some in found.some))


@segment.command()
@data_option
@workspace_option
@_engine_option
@click.argument("name")
def members(data: str | None, workspace: str, name: str, engine: "Engine") -> None:
    """Ask everybody the rule of the segment NAME, and print the numbers of the customers it finds, a line each."""
    with _asked(data, workspace, name, engine) as found:
        for some in found.some:
            click.echo("\n".join(map(str, some)))


@contextmanager
def _asked(data: str | None, workspace: str, name: str, engine: "Engine") -> "Generator[Found]":
    """Ask everybody, and say on standard error as of when where it is not of this moment."""
    from regulars.access.workspaces import get_workspace
    from regulars.cli.place import opened
    from regulars.settings import load
    from regulars.store.mirror import Mirror
    from regulars.understand.everybody import asked
    from regulars.words.clock import utc_now

    settings = load(data=data)
    root = settings.mirror_folder
    with opened(settings) as database:
        own = get_workspace(database, workspace).name
        mirror = Mirror(root, own) if root else None
        with asked(database, own, name, engine, utc_now().date(), mirror, settings.spark_url) as found:
            if found.at is not None:
                click.echo(f"regulars: as of {found.at:%Y-%m-%d %H:%M} UTC, up to event {found.upto}", err=True)
            yield found


@segment.command(name="make-list")
@data_option
@workspace_option
@click.option("--title", default="", help="What the team calls it. Left out, it is called as its name.")
@click.argument("name")
def make_list(data: str | None, workspace: str, title: str, name: str) -> None:
    """Make the list NAME: a segment of customers whom `regulars import --as customers --list NAME` puts on it."""
    from regulars.access.audit import Deed
    from regulars.cli.deeds import changing
    from regulars.understand import lists
    from regulars.words.clock import utc_now

    with changing(data, workspace) as (tx, deeds):
        made = lists.make(tx, name, title or name, utc_now())
        after = {"title": made.title, "rule": made.rule, "version": made.version}
        deeds.append(Deed("segment.made", "segment", name, made.title, after=after))
    click.echo(f"{made.name}: nobody is on it yet")


@segment.command()
@data_option
@workspace_option
@click.option("--days", type=click.IntRange(1, 3650), default=90, show_default=True, help="How far back.")
@click.argument("name")
def growth(data: str | None, workspace: str, days: int, name: str) -> None:
    """Print how many came into the segment NAME and left it on each day (UTC), and how many were in it at its end.

    Days on which nothing changed are left out. A version stands where its rule became another.
    """
    from regulars.cli.place import entered
    from regulars.cli.tables import table
    from regulars.settings import load
    from regulars.understand.growth import growth as grown
    from regulars.words.clock import utc_now

    with entered(load(data=data), workspace) as tx:
        found = grown(tx, name, utc_now(), days)
    changed = [one for one in found[:-1] if one.joined or one.left or one.anew or one.version]
    rows = [
        (
            f"{one.day}",
            *(f"{n:,}" for n in (one.joined, one.left, one.anew, one.size)),
            f"{one.version}" if one.version else "",
        )
        for one in [*changed, found[-1]]
    ]
    table(("day", "came in", "left", "anew", "at its end", "version"), rows)
