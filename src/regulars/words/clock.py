"""Time. Rooms take `now` as an argument; only the edges (web, cli, loop) read this clock."""

from datetime import UTC, datetime


def utc_now() -> datetime:
    """Return the present moment, in UTC."""
    return datetime.now(UTC)
