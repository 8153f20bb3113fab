"""What a provider of OpenID Connect signed, judged by Authlib. Imported only where a provider is set (`provider`)."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

_LEEWAY = 60
"""Seconds by which two clocks may differ."""
_SIGNED_BY = frozenset(
    ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")
)
"""With keys of which only the provider has the secret half."""


def claims(
    token: str,
    keys: Callable[[bool], bytes],
    *,
    issuer: str,
    client: str,
    nonce: str,
    access_token: str,
    algorithms: tuple[str, ...],
    now: datetime,
) -> dict[str, Any]:
    """Return what an ID token says; ValueError unless it is signed, for us, for this log-in, and fresh.

    That is section 3.1.3.7 of OpenID Connect Core 1.0. `keys` gives the provider's keys, afresh where they changed.
    """
    allowed = [one for one in algorithms if one in _SIGNED_BY]
    wanted: Any = {"iss": {"essential": True, "value": issuer}, "aud": {"essential": True, "value": client}}
    given = {"nonce": nonce, "client_id": client, "access_token": access_token}
    try:
        try:
            signed = _decoded(token, keys(False), allowed)
        except InvalidKeyIdError:
            signed = _decoded(token, keys(True), allowed)
        said = CodeIDToken(signed.claims, signed.header, wanted, given)
        said.validate(now=int(now.timestamp()), leeway=_LEEWAY)
    except (JoseError, msgspec.MsgspecError, KeyError, TypeError) as error:
        raise ValueError(str(error)) from error
    return dict(said)


def _decoded(token: str, keys: bytes, algorithms: list[str]) -> Any:
    return jwt.decode(token, KeySet.import_key_set(msgspec.json.decode(keys)), algorithms=algorithms)
