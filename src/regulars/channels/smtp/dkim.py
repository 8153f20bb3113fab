"""DKIM: a mail is signed by its sender's domain, which tells in DNS by which key (RFC 6376).

Both canonical forms are `relaxed`, and the whole text is signed (`l=` never is: what may be added below a signed text
is anybody's). List-Unsubscribe and List-Unsubscribe-Post are among what is signed, as RFC 8058 asks; what must stand
once only is signed as if it stood once more, so that nobody can add another. Signed is what stands in the mail: a name
that is not there is named only where adding it would deceive.

The canonical forms are our own: dkimpy signs 104 mails a second where this does a thousand; the tests verify by it.
"""

import re
from base64 import b64encode
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

import msgspec
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

BITS = 2048
SIGNED = (
    "From", "To", "Subject", "Date", "Message-ID", "Reply-To", "MIME-Version", "Content-Type",
    "Content-Transfer-Encoding", "List-Unsubscribe", "List-Unsubscribe-Post",
)  # fmt: skip
ONCE = ("From", "To", "Subject", "Date", "Reply-To")
"""What is signed as if it stood once more (RFC 6376, 8.15)."""
_SPACES = re.compile(rb"[ \t]+")
_AT_END = re.compile(rb"[ \t]+\r\n")
_LINES_AT_END = re.compile(rb"(?:\r\n)+\Z")
_FOLDED = 68

Key = rsa.RSAPrivateKey


class Signer(msgspec.Struct, frozen=True):
    """Who signs: a domain, under which name of it the key is found, and the key."""

    domain: str
    selector: str
    key: Key

    def sign(self, written: bytes, now: datetime) -> bytes:
        """Return a mail, its lines ended by CRLF, with the signature before it."""
        head, _, body = written.partition(b"\r\n\r\n")
        fields = _fields(head + b"\r\n")
        names = [name.lower() for name in SIGNED if name.lower().encode() in fields]
        names += [name.lower() for name in ONCE]
        hashed = b64encode(sha256(relaxed_body(body)).digest()).decode()
        said = (
            f"v=1; a=rsa-sha256; c=relaxed/relaxed; d={self.domain}; s={self.selector};\r\n"
            f"\tt={int(now.timestamp())}; h={_folded(':'.join(names), ':')};\r\n\tbh={hashed};\r\n\tb="
        )
        signature = f"DKIM-Signature: {said}"
        signed = _chosen(fields, names) + relaxed_field(signature.encode()).removesuffix(b"\r\n")
        made = b64encode(self.key.sign(signed, padding.PKCS1v15(), SHA256())).decode()
        return f"{signature}{_in_pieces(made)}\r\n".encode() + written


def make_key() -> Key:
    """Return a new key."""
    return rsa.generate_private_key(public_exponent=65537, key_size=BITS)


def as_pem(key: Key) -> str:
    """Return a key as it is kept, sealed, with the way's secrets."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode("ascii")


def of_pem(text: str) -> Key:
    """Return a key that was kept."""
    key = load_pem_private_key(text.encode("ascii"), None)
    if not isinstance(key, Key):
        raise TypeError("not an RSA key")
    return key


def record(key: Key) -> str:
    """Return what DNS is to say of a key: the text of a TXT record (RFC 6376, 3.6.1)."""
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return f"v=DKIM1; k=rsa; p={b64encode(public).decode()}"


def relaxed_body(body: bytes) -> bytes:
    """Return a text in its canonical form (RFC 6376, 3.4.4)."""
    if body and not body.endswith(b"\r\n"):
        body += b"\r\n"
    lines = _AT_END.sub(b"\r\n", _SPACES.sub(b" ", body))
    kept = _LINES_AT_END.sub(b"", lines)
    return kept + b"\r\n" if kept else b""


def relaxed_field(field: bytes) -> bytes:
    """Return a field of the head in its canonical form (RFC 6376, 3.4.2)."""
    name, _, value = field.partition(b":")
    unfolded = _SPACES.sub(b" ", value.replace(b"\r\n", b"")).strip(b" \t")
    return name.strip(b" \t").lower() + b":" + unfolded + b"\r\n"


def _fields(head: bytes) -> dict[bytes, list[bytes]]:
    """Return the fields of a head by their names, from top to bottom."""
    found: dict[bytes, list[bytes]] = {}
    for field in re.split(rb"\r\n(?![ \t])", head):
        if field:
            found.setdefault(field.partition(b":")[0].strip(b" \t").lower(), []).append(field)
    return found


def _chosen(fields: dict[bytes, list[bytes]], names: Sequence[str]) -> bytes:
    """Return the fields that are signed, each name taking the last one that is left (RFC 6376, 5.4.2)."""
    left = {name: list(one) for name, one in fields.items()}
    taken = (left[name.encode()].pop() for name in names if left.get(name.encode()))
    return b"".join(relaxed_field(one) for one in taken)


def _folded(text: str, at: str) -> str:
    lines, line = list[str](), ""
    for piece in text.split(at):
        if len(line) + len(piece) > _FOLDED:
            lines.append(line)
            line = ""
        line += piece + at
    return "\r\n\t".join([*lines, line.removesuffix(at)])


def _in_pieces(text: str) -> str:
    return "\r\n\t".join(text[place : place + _FOLDED] for place in range(0, len(text), _FOLDED))
