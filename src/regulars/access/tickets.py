"""What a house keeps between two steps of a log-in: for minutes, for one use, and for the browser that began it."""

from datetime import datetime, timedelta
from secrets import token_urlsafe

from regulars.access import login_records
from regulars.store.database import Database
from regulars.words.ids import hash_of_secret

LIVES = timedelta(minutes=5)


def give_ticket(database: Database, purpose: str, keeps: dict[str, str], now: datetime) -> str:
    """Keep something for a purpose; return the ticket that gives it back, once."""
    ticket = token_urlsafe(32)
    with database.shared() as tx:
        login_records.sweep_tickets(tx, now)
        login_records.add_ticket(tx, hash_of_secret(ticket), purpose, keeps, now + LIVES)
    return ticket


def take_ticket(database: Database, purpose: str, ticket: str, now: datetime) -> dict[str, str] | None:
    """Use a ticket up and return what it keeps; None where it is used, too old, for something else, or made up."""
    with database.shared() as tx:
        return login_records.take_ticket(tx, hash_of_secret(ticket), purpose, now)
