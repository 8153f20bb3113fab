"""Double opt-in: an address that a visitor typed is nobody's until the owner of the mailbox says yes.

A visitor who typed an address (a question of `inputType` email whose fact is `email`) and ticked a consent for e-mail
is noted; one mail goes to that address. Its link confirms: the visitor and the address are one person from then on, the
consent counts for the address, and what they said is said again as verified, under its own time.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from secrets import token_urlsafe

import msgspec

from regulars.decide import suppressions, unwanted
from regulars.engage import records
from regulars.engage.forms import Form
from regulars.engage.records import Confirmation
from regulars.engage.responses import ConsentGiven, Response, asked, said
from regulars.hear.identities import intern
from regulars.remember import consents
from regulars.store.database import Tx
from regulars.store.log import NewEvent, append, caused_by
from regulars.store.records import Event
from regulars.words.errors import LinkDead
from regulars.words.ids import hash64, hash_of_secret
from regulars.words.kinds import FORM_ANSWERED, IDENTIFY

__all__ = ["Confirmation", "Wanted", "ask", "confirm", "look", "pending", "wanted"]

LIVES = timedelta(days=3)
"""How long the link in the mail works."""
PAUSE = timedelta(hours=1)
"""At most one mail in this time to a mailbox, and at most one for a visitor."""
MOST_UNANSWERED = 3
"""Mails to a mailbox whose owner says nothing, until the links in them have died: strangers must not fill it."""
HOW = "ticked in a form and confirmed by the link in a mail to this address"
_EMAIL = "email"


class Wanted(msgspec.Struct, frozen=True):
    """An address that was typed with a consent beside it."""

    address: str
    consents: list[ConsentGiven]


def wanted(form: Form, response: Response, locale: str) -> Wanted | None:
    """Return what a finished response wants confirmed, or None."""
    if response.verified:
        return None
    typed = next(
        (
            response.answers[question.name]
            for question in asked(form, response.answers, verified=False)
            if question.input == _EMAIL and question.fact == _EMAIL and question.name in response.answers
        ),
        None,
    )
    ticked = [one for one in said(form, response, locale, str).consents if one.granted and one.channel == _EMAIL]
    return Wanted(typed, ticked) if typed and ticked else None


def ask(tx: Tx, response: Response, want: Wanted, now: datetime) -> str | None:
    """Note an address and return the secret for the link to it; None where it, or this visitor, was asked just now."""
    records.drop_expired(tx, now)
    bare, tagged, host = _mailbox(want.address)
    records.lock_address(tx, hash64(f"engage_confirmation:{bare}"))
    lately, unanswered = records.count_asked(tx, (bare, tagged, host), response.identity_id, now - PAUSE)
    if lately or unanswered >= MOST_UNANSWERED:
        return None
    secret = token_urlsafe(24)
    ticked = msgspec.to_builtins(want.consents)
    note = Confirmation(response.id, response.identity_id, want.address, ticked, now + LIVES, None)
    records.add_confirmation(tx, hash_of_secret(secret), note, now)
    return secret


def pending(tx: Tx, response: Response, now: datetime) -> str | None:
    """Return the address that a mail went to for this response and that nobody has confirmed yet, or None."""
    return records.find_pending(tx, response.id, now)


def look(tx: Tx, secret: str, now: datetime) -> Confirmation:
    """Return what a link would confirm, or has confirmed. Raise LinkDead where it is unknown or too old."""
    note = records.find_confirmation(tx, hash_of_secret(secret))
    if note is None or (note.confirmed_at is None and note.expires_at < now):
        raise LinkDead("This link is not whole, or too old. Answer the questions once more to get a fresh one.")
    return note


def confirm(tx: Tx, secret: str, now: datetime) -> Confirmation:
    """Confirm an address, once. It must be the last thing of its transaction."""
    note = look(tx, secret, now)
    if not records.confirm(tx, hash_of_secret(secret), now):
        return note
    unwanted.welcome(tx, note.address)
    address = intern(tx, [(_EMAIL, note.address)])[_EMAIL, note.address]
    suppressions.welcome(tx, address, now)
    again = _again(tx, note, address)  # which says the address too, in the customer's own words
    traits = {} if again else {"email": note.address}
    who = {"traits": traits, "links": [note.identity_id], "verified": True}
    append(
        tx,
        [
            NewEvent(address, now, IDENTIFY, msgspec.json.encode(who)),
            *(consents.changed(address, now, consents.Changed(**one, how=HOW)) for one in note.consents),
            *again,
        ],
    )
    return note


def _mailbox(address: str) -> tuple[str, str, str]:
    """Return where mail to an address arrives, how its other names begin, and how they end: ann+shop@x is ann@x."""
    local, _, host = address.rpartition("@")
    name = local.partition("+")[0] or local
    return f"{name}@{host}", f"{name}+", f"@{host}"


def _again(tx: Tx, note: Confirmation, address: int) -> Sequence[NewEvent]:
    """Say the answers again as verified, at the time they were given. The consents were said above."""
    response = records.get_response(tx, note.response_id)
    answered: Event | None = records.find_answered(tx, response) if response else None
    if answered is None:
        return []
    props = {**answered.props, "verified": True, "consents": []}
    return [caused_by(answered, FORM_ANSWERED, address, props, answered.at)]
