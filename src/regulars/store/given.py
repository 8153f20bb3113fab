"""A PostgreSQL that somebody else runs, named by REGULARS_DATABASE_URL."""

import psycopg

from regulars.store.programs import MAJOR
from regulars.words.errors import Invalid

_PATIENCE = 10


def check_given(url: str) -> None:
    """Raise Invalid, with advice, where the server cannot be reached or is older than the one that travels with us."""
    try:
        with psycopg.connect(url, connect_timeout=_PATIENCE) as connection:
            version = connection.info.server_version // 10_000
            reading = connection.execute("show default_transaction_read_only").fetchone() == ("on",)
    except psycopg.Error as error:
        raise Invalid(
            "The database that REGULARS_DATABASE_URL names cannot be used ({problem}). Correct the address, or leave "
            "it out: Regulars then brings its own.",
            problem=" ".join(str(error).split())[:300],
        ) from error
    if version < MAJOR:
        raise Invalid(
            "The database that REGULARS_DATABASE_URL names is PostgreSQL {version}; {needed} or later is needed.",
            version=version,
            needed=MAJOR,
        )
    if reading:
        raise Invalid(
            "The database that REGULARS_DATABASE_URL names can only be read: a restore into it has not come to its "
            "end. Wait for it; if it was cut short, make the database anew and restore again."
        )
