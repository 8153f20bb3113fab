"""An envelope as an e-mail: text and HTML side by side (RFC 2046, multipart/alternative), or text alone."""

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime, parseaddr
from typing import Any

from regulars.channels.smtp.dress import PLAIN, Dress
from regulars.channels.smtp.post import domain_of
from regulars.speak.channel import Bounced, Envelope
from regulars.words.clock import utc_now

_LONGEST_LINE = 990
"""A header line may have 998 characters (RFC 5322, 2.1.1)."""


class _Unfolded(EmailPolicy):
    """Leaves ASCII headers on one line: Python folds a long link into encoded words, which nobody can follow."""

    def fold(self, name: str, value: Any) -> str:
        """Return a header as it is sent."""
        line = f"{name}: {value}"
        plain = line.isascii() and line.isprintable() and len(line) < _LONGEST_LINE
        return f"{line}\r\n" if plain else super().fold(name, value)

    def fold_binary(self, name: str, value: Any) -> bytes:
        """Return a header as it is sent, in bytes."""
        return self.fold(name, value).encode("ascii", "surrogateescape")


_POLICY = _Unfolded(linesep="\r\n", cte_type="7bit")


def as_bytes(envelope: Envelope, dress: Dress = PLAIN) -> tuple[str, str, bytes]:
    """Return to whom it is returned, the recipient's bare address, and the e-mail as it goes over the line, signed.

    Its Message-ID is made of the message's id: a repetition can be recognised. Raise Bounced for what cannot be
    written.
    """
    try:
        sender, recipient = parseaddr(envelope.sender)[1], _address(envelope.recipient)
        written = _email(envelope, sender, recipient, dress).as_bytes()
    except (ValueError, IndexError) as error:  # header values and addresses that cannot be
        raise Bounced(
            "This cannot be written as an e-mail: the address or a header is not valid.", dead=False
        ) from error
    signer = dress.signers.get(domain_of(envelope.sender))
    return dress.return_path(envelope, sender), recipient, signer.sign(written, utc_now()) if signer else written


def _email(envelope: Envelope, sender: str, recipient: str, dress: Dress) -> EmailMessage:
    email = EmailMessage(policy=_POLICY)
    email["From"] = envelope.sender
    email["To"] = Address(addr_spec=recipient)
    email["Subject"] = envelope.subject
    email["Date"] = format_datetime(utc_now())
    email["Message-ID"] = f"<regulars.{envelope.message_id}@{sender.rpartition('@')[2] or 'localhost'}>"
    email["Auto-Submitted"] = "auto-generated"
    for name, value in dress.headers(envelope).items():
        email[name] = value
    email.set_content(envelope.text, cte="quoted-printable")
    if envelope.html:
        email.add_alternative(envelope.html, subtype="html", cte="quoted-printable")
    return email


def _address(address: str) -> str:
    """Return an address in ASCII, its domain in punycode (RFC 5891); ValueError where it cannot be."""
    local, at, domain = address.rpartition("@")
    if not (local and at and local.isascii() and local.isprintable()) or "." not in domain:
        raise ValueError(address)
    return f"{local}@{domain.encode('idna').decode('ascii')}"
