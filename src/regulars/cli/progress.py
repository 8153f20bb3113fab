"""What a long command says of itself while it works: nothing for some seconds, then a line now and then."""

from collections.abc import Callable
from time import monotonic

import click

_QUIET = 5.0
_MB = 1_000_000


def telling(what: str) -> Callable[[int, int], None]:
    """Return what is told of bytes done, of so many; it prints a line on standard error every five seconds."""
    began = said = monotonic()

    def tell(done: int, whole: int) -> None:
        nonlocal said
        now = monotonic()
        if now - said >= _QUIET:
            said = now
            of = f" of {whole / _MB:,.0f}" if whole else ""
            click.echo(f"regulars: {what}: {done / _MB:,.0f}{of} MB in {now - began:.0f} s", err=True)

    return tell
