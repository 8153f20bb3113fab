"""Log-in links by mail. Whoever asks for many fills nobody's mailbox, and locks nobody out of it.

Somebody to whom a link was mailed that still works for a while gets no other one: what they have is as good.
"""

from datetime import datetime, timedelta
from secrets import token_urlsafe

from regulars.access import login_records, records
from regulars.access.people import LINK_LIVES
from regulars.store.database import Database
from regulars.words.ids import hash_of_secret

APART = timedelta(minutes=5)
"""How long after one link another may be mailed, where the first was not used."""


def link_to_mail(database: Database, email: str, now: datetime) -> str | None:
    """Return the token of a link to be mailed to a person of the team; None for nobody, or where they have one."""
    token = token_urlsafe(32)
    with database.shared() as tx:
        records.sweep(tx, now)
        person_id = login_records.hold_person(tx, email.strip().casefold())
        if person_id is None:
            return None
        until = now + LINK_LIVES
        fresh = login_records.add_mailed_link(tx, hash_of_secret(token), person_id, until, until - APART)
    return token if fresh else None


def drop_link(database: Database, token: str) -> None:
    """Forget a link whose mail was refused, so that another may be tried at once."""
    with database.shared() as tx:
        login_records.drop_link(tx, hash_of_secret(token))
