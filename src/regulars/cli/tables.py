"""Tables on the command line."""

from collections.abc import Sequence

import click


def table(heads: Sequence[str], rows: Sequence[Sequence[str]], words: int = 1) -> None:
    """Print rows under their heads; the first `words` columns are words, the others numbers."""
    lines = [tuple(heads), *map(tuple, rows)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(heads))]
    for line in lines:
        cells = zip(line, widths, strict=True)
        click.echo(
            "  ".join(text.ljust(width) if n < words else text.rjust(width) for n, (text, width) in enumerate(cells))
        )
