"""The command line. A command's module is imported when it is run, so that every start is quick."""

import sys
from importlib import import_module

import click

from regulars.words.errors import RegularsError

_COMMANDS = {
    "serve": ("serve:serve", "Start everything: PostgreSQL, web and work."),
    "demo": ("demo:demo", "Start everything with an example shop in it."),
    "web": ("web:web", "Answer HTTP only (serve does it for you)."),
    "work": ("work:work", "Follow the log and send only (serve does it for you)."),
    "login-link": ("people:login_link", "Print a one-time link into the console."),
    "person": ("people:person", "The team's people."),
    "workspace": ("workspaces:workspace", "Workspaces: one for each brand."),
    "customer": ("customers:customer", "One customer: taken along, or forgotten."),
    "key": ("keys:key", "Keys for machines."),
    "segment": ("segments:segment", "Segments, and their rules as YAML."),
    "buying": ("buying:buying", "How customers buy: best customers, stages, kinds of product."),
    "cohorts": ("cohorts:cohorts", "Who comes back, by when they first came."),
    "funnel": ("funnels:funnel", "How many customers do one thing after another."),
    "groups": ("groups:groups", "Groups of customers who do and answer alike."),
    "together": ("together:together", "What is bought together."),
    "mirror": ("mirror:mirror", "Events and customers as Parquet files, for analysts."),
    "import": ("files:import_file", "Take in a file of orders, events or customers."),
    "followers": ("followers:followers", "What reacts to the log, and how far it is."),
    "quarantine": ("followers:quarantine", "Events that a follower could not take."),
    "backup": ("backup:backup", "Write everything into one file, while it runs."),
    "restore": ("restore:restore", "Load a backup into an empty place, or check it."),
    "upgrade": ("upgrade:upgrade", "Bring the data to a newer PostgreSQL."),
    "doctor": ("doctor:doctor", "Look whether everything is well, and say what to do."),
    "settings": ("knobs:settings", "Print every setting."),
}


class _Lazy(click.Group):
    """A group that knows its commands by name and imports the one that is run."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (click calls it so)
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 (click calls it so)
        if cmd_name not in _COMMANDS:
            return None
        module, _, attribute = _COMMANDS[cmd_name][0].partition(":")
        return getattr(import_module(f"{__name__}.{module}"), attribute)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 (click calls it so)
        with formatter.section("Commands"):
            formatter.write_dl([(name, said) for name, (_, said) in _COMMANDS.items()])


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="regulars", prog_name="regulars")
def _regulars() -> None:
    """Regulars: interactive marketing that remembers."""


def main() -> None:
    """Run the command line. What goes wrong on the user's side is one line on standard error, and exit code 1."""
    try:
        _regulars(prog_name="regulars")
    except RegularsError as error:
        click.echo(f"regulars: {error}", err=True)
        sys.exit(1)
