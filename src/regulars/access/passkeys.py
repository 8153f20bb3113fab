"""Passkeys (WebAuthn, level 3): a device or key proves that it is there and that its owner unlocked it.

Each of the two conversations has two steps: we draw a challenge and keep it for minutes and one use; the browser's
answer must be signed over it. Nothing that is kept here could log anybody in.
"""

from datetime import datetime
from ipaddress import ip_address
from secrets import token_bytes
from urllib.parse import urlsplit

import msgspec
from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import bytes_to_base64url, parse_authentication_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from regulars.access import login_records
from regulars.access.login_records import Passkey
from regulars.access.records import Person
from regulars.access.tickets import LIVES, give_ticket, take_ticket
from regulars.store.database import Database, Tx
from regulars.words.errors import Conflict, Invalid, Refused, Unknown

MOST = 20
"""Passkeys of one person."""
_NAME = 60
_ADD, _LOG_IN = "passkey-add", "passkey-log-in"
_MILLISECONDS = int(LIVES.total_seconds() * 1000)
_CHALLENGE = 32
_TOO_LATE = "That took longer than five minutes, or was done already. Begin again."


class Relying(msgspec.Struct, frozen=True):
    """The house as browsers know it: a passkey is made for its host and works at its origin only."""

    host: str
    origin: str

    @property
    def possible(self) -> bool:
        """Whether browsers offer passkeys there: at a name, and by https or on this very machine."""
        try:
            ip_address(self.host)
        except ValueError:
            return self.origin.startswith("https:") or self.host == "localhost"
        return False


def relying(url: str) -> Relying:
    """Return the house as browsers know it that is reached at this address."""
    parts = urlsplit(url)
    usual = {"https": 443, "http": 80}.get(parts.scheme)
    port = "" if parts.port in (None, usual) else f":{parts.port}"
    host = parts.hostname or ""
    return Relying(host, f"{parts.scheme}://{host}{port}")


def begin_adding(database: Database, person: Person, house: Relying, now: datetime) -> tuple[str, str]:
    """Return a ticket, and what the browser is told (JSON) to make a passkey for somebody who is logged in."""
    with database.shared() as tx:
        handle = login_records.handle_of(tx, person.id)
        known = login_records.credentials_of(tx, person.id)
    challenge = token_bytes(_CHALLENGE)
    options = generate_registration_options(
        rp_id=house.host,
        rp_name=f"Regulars ({house.host})",
        user_id=handle.bytes,
        user_name=person.email,
        user_display_name=person.name or person.email,
        challenge=challenge,
        timeout=_MILLISECONDS,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            require_resident_key=True,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(one) for one in known],
    )
    keeps = {"challenge": bytes_to_base64url(challenge), "person": str(person.id)}
    return give_ticket(database, _ADD, keeps, now), options_to_json(options)


def add(database: Database, person: Person, house: Relying, ticket: str, answer: str, name: str, now: datetime) -> None:
    """Keep the passkey that a browser made; raise Invalid or Refused where it is not what was asked for."""
    tidy = tidy_name(name)
    challenge = _challenge(database, _ADD, ticket, now, person.id)
    try:
        made = verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=house.host,
            expected_origin=house.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError) as error:
        raise Refused("This passkey could not be checked. Begin again, at the address that links lead to.") from error
    kept = {"credential": made.credential_id, "public_key": made.credential_public_key, "sign_count": made.sign_count}
    with database.shared() as tx:
        if not login_records.add_passkey(tx, person.id, tidy, now, most=MOST, **kept):
            raise Conflict("This passkey is kept already, or you have {most}, which is the most.", most=MOST)


def begin_log_in(database: Database, house: Relying, now: datetime) -> tuple[str, str]:
    """Return a ticket, and what the browser is told (JSON) to log in by whichever passkey its owner picks."""
    challenge = token_bytes(_CHALLENGE)
    options = generate_authentication_options(
        rp_id=house.host,
        challenge=challenge,
        timeout=_MILLISECONDS,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    keeps = {"challenge": bytes_to_base64url(challenge)}
    return give_ticket(database, _LOG_IN, keeps, now), options_to_json(options)


def log_in(database: Database, house: Relying, ticket: str, answer: str, now: datetime) -> int:
    """Return whose passkey signed the challenge; raise Refused where it is nobody's, or did not.

    A passkey that counts must count on: one that does not was copied, and opens nothing (WebAuthn 6.1.1).
    """
    challenge = _challenge(database, _LOG_IN, ticket, now)
    try:
        given = parse_authentication_credential_json(answer)
    except (WebAuthnException, ValueError) as error:
        raise Invalid("What the browser sent is no answer of a passkey. Try again.") from error
    with database.shared() as tx:
        kept = login_records.find_passkey(tx, given.raw_id)
        if kept is None or given.response.user_handle != kept.handle.bytes:
            raise Refused("This passkey is not known here. Log in another way, and add it to your account again.")
        try:
            proven = verify_authentication_response(
                credential=given,
                expected_challenge=challenge,
                expected_rp_id=house.host,
                expected_origin=house.origin,
                credential_public_key=bytes(kept.public_key),
                credential_current_sign_count=kept.sign_count,
                require_user_verification=True,
            )
        except (WebAuthnException, ValueError) as error:
            raise Refused("This passkey could not be checked. Try again, or log in another way.") from error
        login_records.use_passkey(tx, kept.id, proven.new_sign_count, now)
    return kept.person_id


def list_passkeys(tx: Tx, person_id: int) -> list[Passkey]:
    """Return a person's passkeys, the oldest first."""
    return login_records.list_passkeys(tx, person_id)


def remove(tx: Tx, person_id: int, passkey_id: int) -> str:
    """Forget one of a person's passkeys and return its name; raise Unknown where it is not theirs."""
    name = login_records.remove_passkey(tx, person_id, passkey_id)
    if name is None:
        raise Unknown("This passkey is gone already.")
    return name


def tidy_name(name: str) -> str:
    """Return a passkey's name; raise Invalid where it is none."""
    tidy = " ".join(name.replace("\0", "").split())
    if not 0 < len(tidy) <= _NAME:
        raise Invalid("Give the passkey a name of 1 to {most} letters, such as 'My phone'.", most=_NAME)
    return tidy


def _challenge(database: Database, purpose: str, ticket: str, now: datetime, person_id: int | None = None) -> bytes:
    keeps = take_ticket(database, purpose, ticket, now)
    if keeps is None or keeps.get("person") != (None if person_id is None else str(person_id)):
        raise Refused(_TOO_LATE)
    return base64url_to_bytes(keeps["challenge"])
