"""What a workspace has set up for the mail it sends: keys that sign it, and by whom it hears what comes back."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from email.utils import parseaddr
from secrets import token_hex

import dns.exception
import dns.resolver
import msgspec

from regulars.access.links import secret_for
from regulars.access.vault import Vault
from regulars.channels.smtp import dkim
from regulars.channels.smtp import post_records as records
from regulars.channels.smtp.marks import Marks
from regulars.channels.smtp.post_records import DkimKey, Returned
from regulars.channels.smtp.providers import PROVIDERS
from regulars.store.database import Tx
from regulars.words.errors import Invalid, RegularsError, Unknown, concerning

__all__ = [
    "DkimKey", "Returned", "Wanted", "check_key", "domain_of", "drop_key", "keep", "keys", "make_key", "marks",
    "secrets_of", "signers", "standing",
]  # fmt: skip

FOUND, MISSING, OTHER, UNREACHABLE = "found", "missing", "other", "unreachable"
_DOMAIN = re.compile(r"(?=.{4,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")
_LONGEST_BOX = 24
"""Characters before the @ of the mailbox: with a mark behind them they must stay under 64 (RFC 5321, 4.5.3.1.1)."""
_PATIENCE = 4.0

Look = Callable[[str], list[str]]
"""Asks DNS for the TXT records of a name."""


class Wanted(msgspec.Struct, frozen=True):
    """How mail that comes back is to be heard of; a secret that is left empty stays what it was."""

    box: str = ""
    provider: str = ""
    provider_key: str = ""
    host: str = ""
    port: int = 993
    username: str = ""
    password: str = ""


def standing(tx: Tx) -> Returned:
    """Return how mail that comes back is heard of now."""
    return records.get_return(tx)


def marks(tx: Tx, workspace: str) -> Marks:
    """Return what marks the mails of a workspace."""
    return Marks(secret_for(tx, "returned mail"), workspace)


def secrets_of(one: Returned, vault: Vault, workspace: str) -> Mapping[str, str]:
    """Return the mailbox's password and the provider's key; raise Conflict where they cannot be opened any more."""
    if one.secrets is None:
        return {}
    return msgspec.json.decode(vault.unseal(one.secrets, _purpose(workspace, "return")), type=dict[str, str])


def keep(tx: Tx, wanted: Wanted, vault: Vault, workspace: str, now: datetime) -> None:
    """Hear of what comes back in another way from now on; raise Invalid, naming the field, for what cannot be."""
    before = standing(tx)
    try:
        kept = dict(secrets_of(before, vault, workspace))
    except RegularsError:
        kept = {}  # sealed with another key: what is typed now takes its place
    if before.provider != wanted.provider:
        kept.pop("provider", None)
    if (before.host, before.username) != (wanted.host, wanted.username):
        kept.pop("password", None)
    given = {"provider": wanted.provider_key.strip(), "password": wanted.password}
    kept |= {name: value for name, value in given.items() if value}
    _check(wanted, kept)
    sealed = vault.seal(msgspec.json.encode(kept), _purpose(workspace, "return")) if kept else None
    said = {"box": wanted.box, "provider": wanted.provider, "host": wanted.host, "port": wanted.port}
    records.keep_return(tx, now, username=wanted.username, secrets=sealed, **said)


def _check(wanted: Wanted, kept: Mapping[str, str]) -> None:
    with concerning("box"):
        local, at, domain = wanted.box.rpartition("@")
        if wanted.box and not (at and re.fullmatch(r"[a-z0-9._-]+", local) and _DOMAIN.fullmatch(domain)):
            raise Invalid("'{box}' is no address for it. Write it as bounces@example.com.", box=wanted.box[:80])
        if len(local) > _LONGEST_BOX:
            raise Invalid("Choose a shorter name: {most} characters before the @ at most.", most=_LONGEST_BOX)
    with concerning("provider"):
        if wanted.provider and wanted.provider not in PROVIDERS:
            names = ", ".join(PROVIDERS)
            raise Invalid("There is no provider '{name}'. There are: {names}.", name=wanted.provider[:40], names=names)
    with concerning("provider_key"):
        if wanted.provider and not kept.get("provider"):
            raise Invalid("Without its key nobody can tell whether it is the provider that calls.")
    with concerning("host"):
        if wanted.host and not _DOMAIN.fullmatch(wanted.host) and wanted.host != "localhost":
            raise Invalid("'{host}' is no name of a server. Write it as mail.example.com.", host=wanted.host[:80])
        if wanted.host and not wanted.box:
            raise Invalid("Say above to which address mail is returned; this is where it is read.")
    with concerning("port"):
        if not 0 < wanted.port < 2**16:
            raise Invalid("A port is a number of 1 to 65535, usually 993.")
    with concerning("username"):
        if wanted.host and not wanted.username.strip():
            raise Invalid("Say who logs in to the mailbox.")
    with concerning("password"):
        if wanted.host and not kept.get("password"):
            raise Invalid("A mailbox is not read without its password.")


def domain_of(sender: str) -> str:
    """Return the domain of a From, as DNS knows it; '' where it has none."""
    domain = parseaddr(sender)[1].rpartition("@")[2].lower()
    try:
        return domain.encode("idna").decode("ascii")
    except UnicodeError:
        return ""


def keys(tx: Tx) -> list[DkimKey]:
    """Return the keys of all domains."""
    return records.list_keys(tx)


def make_key(tx: Tx, domain: str, vault: Vault, workspace: str, now: datetime) -> DkimKey:
    """Make a key for a domain, unless there is one; return it. It signs once its record was found in DNS."""
    domain = domain.strip().lower()
    with concerning("domain"):
        if not _DOMAIN.fullmatch(domain):
            raise Invalid("'{domain}' is no domain to sign for. Write one as example.com.", domain=domain[:80])
    key = dkim.make_key()
    sealed = vault.seal(dkim.as_pem(key).encode(), _purpose(workspace, f"dkim {domain}"))
    made = {"selector": f"regulars-{token_hex(3)}", "record": dkim.record(key), "key": sealed}
    records.add_key(tx, now, domain=domain, **made)
    return _key(tx, domain)


def drop_key(tx: Tx, domain: str) -> None:
    """Sign mail of a domain no more; raise Unknown where there is no key."""
    if not records.drop_key(tx, domain):
        raise _no_key(domain)


def signers(tx: Tx, vault: Vault, workspace: str) -> dict[str, dkim.Signer]:
    """Return who signs, by domain; those whose record was found."""
    found: dict[str, dkim.Signer] = {}
    for one in records.list_keys(tx):
        if one.live_at:
            pem = vault.unseal(one.key, _purpose(workspace, f"dkim {one.domain}")).decode("ascii")
            found[one.domain] = dkim.Signer(one.domain, one.selector, dkim.of_pem(pem))
    return found


def check_key(tx: Tx, domain: str, now: datetime, look: Look | None = None) -> DkimKey:
    """Ask DNS for the record of a key, keep what it says, and return it; from when it was found, mail is signed."""
    one = _key(tx, domain)
    try:
        texts = (look or ask_dns)(f"{one.selector}._domainkey.{domain}")
    except (dns.exception.DNSException, OSError):
        found = UNREACHABLE
    else:
        bare = "".join(one.record.split())
        found = FOUND if any("".join(text.split()) == bare for text in texts) else OTHER if texts else MISSING
    records.note_check(tx, domain, found, now)
    return _key(tx, domain)


def ask_dns(name: str) -> list[str]:
    """Return the TXT records of a name; none where there are none. Raise DNSException where nobody answers."""
    try:
        answer = dns.resolver.resolve(name, "TXT", lifetime=_PATIENCE)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return []
    return [b"".join(one.strings).decode("utf-8", "replace") for one in answer]


def _key(tx: Tx, domain: str) -> DkimKey:
    for one in records.list_keys(tx):
        if one.domain == domain:
            return one
    raise _no_key(domain)


def _no_key(domain: str) -> Unknown:
    return Unknown("There is no key for '{domain}'.", domain=domain[:80])


def _purpose(workspace: str, what: str) -> str:
    return f"smtp {workspace} {what}"
