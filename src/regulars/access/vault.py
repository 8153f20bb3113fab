"""The vault: seals secrets of others (passwords, tokens of gateways) before they are kept in the database.

Its key lies beside the database and never in it: in `vault.key` of the data folder, made at first use, or in the
setting `vault_key`. So neither a backup nor anybody who reads the database has the secrets. Sealed with AES-256-GCM
(NIST SP 800-38D); what a secret is for is part of the seal, so one that is moved elsewhere cannot be opened there.
"""

import os
from pathlib import Path
from secrets import token_bytes

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from regulars.settings import Settings
from regulars.words.errors import Conflict, Invalid

FILE = "vault.key"
_FORMAT = b"\x01"
_NONCE = 12
_KEY = 32


class Vault:
    """Seals and opens with one key, which is read when it is needed first."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._cipher: AESGCM | None = None

    def seal(self, secret: bytes, purpose: str) -> bytes:
        """Return a secret so that only this house reads it, for one purpose."""
        nonce = token_bytes(_NONCE)
        return _FORMAT + nonce + self._opened().encrypt(nonce, secret, purpose.encode())

    def unseal(self, sealed: bytes, purpose: str) -> bytes:
        """Return a secret that was sealed for this purpose.

        Raise Conflict where it was sealed by another key, as after a restore without it, or for something else.
        """
        kind, nonce, rest = sealed[:1], sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :]
        if kind == _FORMAT:
            try:
                return self._opened().decrypt(nonce, rest, purpose.encode())
            except InvalidTag:
                pass
        raise Conflict(
            "What was kept secret here was sealed with another key. Bring the old {file} back, or type it again.",
            file=FILE,
        )

    def _opened(self) -> AESGCM:
        if self._cipher is None:
            self._cipher = AESGCM(_given(self._settings.vault_key) or _kept(self._settings.data / FILE))
        return self._cipher


def _given(key: str) -> bytes:
    try:
        given = bytes.fromhex(key.strip())
    except ValueError:
        given = b"?"
    if given and len(given) != _KEY:
        raise Invalid("REGULARS_VAULT_KEY is 64 hexadecimal digits. Leave it out, and one is made in the data folder.")
    return given


def _kept(path: Path) -> bytes:
    """Return the key in a file that only its owner reads; it is made whole, and once, whoever else makes one now."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f".{path.name}.{os.getpid()}-{token_bytes(4).hex()}")
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(token_bytes(_KEY).hex() + "\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(beside, path)
        except FileExistsError:
            pass
        finally:
            beside.unlink()
    try:
        return _given(path.read_text(encoding="ascii"))
    except (UnicodeDecodeError, Invalid) as error:
        raise Conflict(
            "{file} in the data folder is damaged. Bring it back from where you keep it.", file=FILE
        ) from error
