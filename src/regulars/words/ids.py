"""Small deterministic ids."""

from hashlib import blake2b


def hash64(text: str | bytes) -> int:
    """Return the signed 64-bit BLAKE2b hash of a text, as PostgreSQL's bigint holds it (RFC 7693)."""
    raw = text.encode() if isinstance(text, str) else text
    return int.from_bytes(blake2b(raw, digest_size=8).digest(), "big", signed=True)
