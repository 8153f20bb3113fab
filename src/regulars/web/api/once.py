"""How a change is carried out: read what is sent, do it in one transaction, answer; under an Idempotency-Key once.

The answer is kept in the transaction of the change, so there is never one without the other. What was refused is not
kept: nothing happened, and the key is free.
"""

from collections.abc import Callable
from hashlib import sha256
from typing import TypeVar

import msgspec
from litestar import Response

from regulars.hear.decoding import check_values, decode
from regulars.store.database import Tx
from regulars.web.api import records
from regulars.web.api.entry import AnyRequest, opened
from regulars.web.api.telling import told_by
from regulars.web.noting import noted_by, slip_of
from regulars.wiring import House
from regulars.words.clock import utc_now
from regulars.words.errors import Conflict, Invalid

T = TypeVar("T")
R = TypeVar("R")

IDEMPOTENCY_KEY = "idempotency-key"
REPLAYED = "idempotent-replayed"
_LONGEST_KEY = 255


class Nothing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A request that says all by its address; its body is empty, or `{}`."""


def once(
    request: AnyRequest, takes: type[T], act: Callable[[Tx, T], R], *, kept: Callable[[R], object] | None = None
) -> Response[bytes]:
    """Carry out a request and return what `act` says; what was done under the same key is not done again.

    `kept` says what of the answer may be kept to be repeated, where a secret stands in it.
    """
    body: bytes = request.state.body or b"{}"
    said: T = decode(msgspec.json.Decoder(takes), body)
    check_values(body)
    status = told_by(request.route_handler.opt).status
    key = _key(request)
    asked = sha256(f"{request.method} {request.url.path}\n".encode() + body).digest()
    with opened(request) as tx:
        if key and not records.claim_answer(tx, key, asked, utc_now()):
            return _again(request, tx, key, asked)
        made = act(tx, said)
        answer = msgspec.json.encode(made)
        if key:
            records.keep_answer(tx, key, status, msgspec.json.encode(kept(made)) if kept else answer)
        _note(request, tx, made)
    house: House = request.app.state.house
    house.waker.poke(request.state.workspace)
    return Response(answer, status_code=status, media_type="application/json")


def _note(request: AnyRequest, tx: Tx, made: object) -> None:
    noted, slip = noted_by(request.route_handler), slip_of(request)
    if noted is None:
        return
    if not noted.by and isinstance(name := getattr(made, "name", None), str):
        slip.tell(name, label=getattr(made, "title", None))
    slip.write(tx)


def _again(request: AnyRequest, tx: Tx, key: str, asked: bytes) -> Response[bytes]:
    kept = records.get_answer(tx, key)
    slip_of(request).drop()
    if kept is None or kept.request != asked:
        raise Conflict("This Idempotency-Key came with another request before. Take a fresh one for each change.")
    return Response(kept.answer, status_code=kept.status, media_type="application/json", headers={REPLAYED: "true"})


def _key(request: AnyRequest) -> str:
    key = request.headers.get(IDEMPOTENCY_KEY, "").strip()
    if len(key) > _LONGEST_KEY or not key.isprintable():
        raise Invalid("An Idempotency-Key has 1 to {most} printable characters.", most=_LONGEST_KEY)
    return key
