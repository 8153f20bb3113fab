"""`regulars settings`: every setting with its value and meaning, from the one table."""

import ast
import inspect

import click

from regulars.cli.options import data_option

_SECRET = ("database_url", "smtp_url", "metrics_key", "oidc_client_secret")


@click.command()
@data_option
def settings(data: str | None) -> None:
    """Print every setting: its name in the environment, what it is now, and what it means."""
    from regulars.settings import PREFIX, Settings, load

    now = load(data=data)
    for name, meaning in meanings(Settings).items():
        value = getattr(now, name)
        shown = "(empty)" if value in (None, "") else "(set)" if name in _SECRET else str(value)
        click.echo(f"{PREFIX}{name.upper()} = {shown}\n    {meaning}")
    click.echo(f"\nSet them in the environment, or in {now.data / 'regulars.toml'} as for example: port = 8081")


def meanings(table: type) -> dict[str, str]:
    """Return what the docstring under each field of a class says."""
    body = ast.parse(inspect.getsource(table)).body[0]
    found: dict[str, str] = {}
    field = ""
    for part in body.body if isinstance(body, ast.ClassDef) else []:
        if isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name):
            field = part.target.id
        elif field and isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant):
            found[field] = str(part.value.value)
            field = ""
    return found
