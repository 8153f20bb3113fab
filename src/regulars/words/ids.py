"""Small deterministic ids, and what is kept of a secret."""

from hashlib import blake2b, sha256


def hash64(text: str | bytes) -> int:
    """Return the signed 64-bit BLAKE2b hash of a text, as PostgreSQL's bigint holds it (RFC 7693)."""
    raw = text.encode() if isinstance(text, str) else text
    return int.from_bytes(blake2b(raw, digest_size=8).digest(), "big", signed=True)


def hash_of_secret(secret: str) -> bytes:
    """Return what the database keeps of a key, a link's token or a cookie: it can be recognised, not found again.

    SHA-256 alone will do, for every one of them is drawn by chance from at least 192 bits.
    """
    return sha256(secret.encode()).digest()
