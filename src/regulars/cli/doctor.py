"""`regulars doctor`: looks at everything, and says what is wrong and what to do."""

import sys
from typing import TYPE_CHECKING

import click

from regulars.cli.options import data_option

if TYPE_CHECKING:
    from regulars.cli.findings import Finding
    from regulars.settings import Settings

_MARKS = {"well": "well ", "mind": "mind ", "wrong": "WRONG"}


@click.command()
@data_option
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def doctor(data: str | None, as_json: bool) -> None:
    """Look at the machine, the data folder, PostgreSQL, followers, mail, settings and backups. It changes nothing.

    Exit code 1: something is wrong. While nothing serves the data folder, its PostgreSQL is started for the moment.
    """
    from regulars.settings import load

    findings = _look(load(data=data))
    if as_json:
        import msgspec

        click.echo(msgspec.json.format(msgspec.json.encode(findings)).decode())
    else:
        for one in findings:
            click.echo(f"{_MARKS[one.state]}  {one.check}{f' ({one.workspace})' if one.workspace else ''}: {one.said}")
            if one.advice:
                click.echo(f"       -> {one.advice}")
    if any(one.state == "wrong" for one in findings):
        sys.exit(1)


def _look(settings: "Settings") -> "list[Finding]":
    from regulars.cli.findings import Finding, of_database, of_folder, of_settings, of_spark
    from regulars.cli.keeping import of_keeping, of_machine
    from regulars.cli.place import reached
    from regulars.store.database import Database
    from regulars.store.erasures import ErasureList
    from regulars.store.given import check_given
    from regulars.words.clock import utc_now
    from regulars.words.errors import RegularsError

    found = list(of_folder(settings)) if settings.data.is_dir() else []
    found += of_settings(settings)
    found += of_spark(settings)
    found += of_machine(settings)
    if not settings.database_url and not (settings.data / "postgres").is_dir():
        said = f"There is nothing in {settings.data} yet."
        return [
            *found,
            Finding("data folder", "mind", said, "'regulars serve' begins there, or name another: --data DIR"),
        ]
    try:
        if settings.database_url:
            check_given(settings.database_url)
        with reached(settings) as known:
            database = Database(known.database_url, connections=2, erasures=ErasureList.of(settings))
            try:
                now = utc_now()
                return [*found, *of_database(settings, database, now), *of_keeping(settings, database, now)]
            finally:
                database.close()
    except RegularsError as error:
        return [*found, Finding("postgresql", "wrong", str(error))]
