"""Passwords: what may be one, what is kept of it (Argon2id, RFC 9106), and logging in with it."""

from collections.abc import Generator
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from threading import BoundedSemaphore
from typing import NamedTuple
from unicodedata import normalize

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from regulars.access import login_records, tallies
from regulars.access.devices import Device
from regulars.access.guessable import is_guessable
from regulars.access.login_records import Account
from regulars.access.tallies import PASSWORD_OF_ACCOUNT, PASSWORD_OF_ADDRESS, PASSWORD_OF_DEVICE, Count
from regulars.store.database import Database, Tx
from regulars.words.errors import Busy, Invalid, Refused

SHORTEST = 10
LONGEST = 200
_HASHER = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=1)
"""A quarter of a second and 64 MiB for each that is tried."""
_AT_ONCE = BoundedSemaphore(2)
"""How many are tried at once in one process, so that a flood of them takes neither its memory nor all its threads."""
_PATIENCE = 2.0


class Caller(NamedTuple):
    """Who tries, as far as that is known: from which address, and on which device that was logged in before."""

    address: str = ""
    device: Device | None = None


def log_in(database: Database, email: str, password: str, caller: Caller, now: datetime) -> int:
    """Return whose e-mail and password these are; raise Refused where they are nobody's, Busy after too many tries.

    Nothing tells, not even how long it takes, whether there is somebody of this e-mail or whether they have a password.
    """
    email = email.strip().casefold()
    with database.shared() as tx:
        account = login_records.find_account(tx, email)
    counts = _counts(email, account, caller)
    with _turn():
        tallies.spend(database, counts, now)
        right = _matches(account.hash if account else "", password)
    if account is None or not right:
        raise Refused("The e-mail and the password do not belong together. Try again, or log in another way.")
    tallies.forgive(database, counts)
    _refresh(database, account, password)
    return account.id


def _counts(email: str, account: Account | None, caller: Caller) -> list[Count]:
    """Return what a try counts against. A device that knows the account has its own tally, which nobody else fills."""
    if account and caller.device and caller.device.knows(account.id):
        return [Count(PASSWORD_OF_DEVICE, f"{caller.device.id} {account.id}")]
    counts = [Count(PASSWORD_OF_ACCOUNT, email)]
    return [*counts, Count(PASSWORD_OF_ADDRESS, caller.address)] if caller.address else counts


def set_password(tx: Tx, person_id: int, password: str, now: datetime, *, about: tuple[str, ...] = ()) -> None:
    """Give a person a password; raise Invalid where it is too short or would be guessed. `about`: e-mail and name."""
    check_new(password, about)
    with _turn():
        hashed = _HASHER.hash(_normal(password))
    login_records.set_password(tx, person_id, hashed, now)


def remove_password(tx: Tx, person_id: int) -> bool:
    """Let a person have no password: the link and their passkeys stay. Return False where they had none."""
    return login_records.remove_password(tx, person_id)


def password_set_at(tx: Tx, person_id: int) -> datetime | None:
    """Return since when a person has their password, or None where they have none."""
    return login_records.password_set_at(tx, person_id)


def check_new(password: str, about: tuple[str, ...] = ()) -> None:
    """Raise Invalid where a password is too short, too long, or would be guessed."""
    normal = _normal(password)
    if len(normal) < SHORTEST:
        raise Invalid("A password has at least {least} characters. A few words make a good one.", least=SHORTEST)
    if len(normal) > LONGEST:
        raise Invalid("A password has at most {most} characters.", most=LONGEST)
    parts = [part for word in about for part in (word, word.partition("@")[0], word.replace(" ", ""))]
    if is_guessable(normal, tuple(parts)):
        raise Invalid("This is among the first passwords that anybody would try. Choose another; a few words make one.")


def _normal(password: str) -> str:
    """Return a password as it is hashed: the same whichever keyboard it was typed on, and cut where it is too long."""
    return normalize("NFKC", password[: LONGEST + 1])[: LONGEST + 1]


@contextmanager
def _turn() -> Generator[None]:
    if not _AT_ONCE.acquire(timeout=_PATIENCE):
        raise Busy("Too many passwords are being tried just now. Try again in a moment, or log in another way.")
    try:
        yield
    finally:
        _AT_ONCE.release()


def _matches(hashed: str, password: str) -> bool:
    nobodys = _nobodys()
    try:
        return _HASHER.verify(hashed or nobodys, _normal(password)) and bool(hashed)
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobodys() -> str:
    """Return the hash that is tried where there is none, so that it takes as long."""
    return _HASHER.hash("nobody has this password")


def _refresh(database: Database, account: Account, password: str) -> None:
    """Keep a hash as strong as today's where this one is not."""
    if _HASHER.check_needs_rehash(account.hash):
        fresh = _HASHER.hash(_normal(password))
        with database.shared() as tx:
            login_records.rehash_password(tx, account, fresh)
