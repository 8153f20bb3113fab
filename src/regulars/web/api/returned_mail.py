"""Mail as it leaves and comes back: `/api/returned-mail`, and the keys that sign it."""

from datetime import datetime

import msgspec
from litestar import Response, delete, get, post, put
from litestar.params import FromPath

from regulars.channels.smtp import post as posting
from regulars.channels.smtp.post import DkimKey, Wanted
from regulars.store.database import Tx
from regulars.web.api.entry import ADMIN, AnyRequest, opened
from regulars.web.api.once import Nothing, once
from regulars.web.api.telling import told
from regulars.web.noting import notes, slip_of
from regulars.wiring import House
from regulars.words.clock import utc_now


class SigningKey(msgspec.Struct, frozen=True):
    """A key that signs mail of a domain: the record that DNS is to have, what it said last, and since when it signs."""

    domain: str
    name: str
    record: str
    made_at: datetime
    checked_at: datetime | None
    found: str | None
    live_at: datetime | None


class ReturnedMail(msgspec.Struct, frozen=True):
    """How what comes back of mail is heard of; secrets are never told. `problem`: why the mailbox cannot be read."""

    box: str
    provider: str
    host: str
    port: int
    username: str
    read_at: datetime | None
    problem: str | None
    keys: list[SigningKey]


class NewKey(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The domain of a sender, such as example.com."""

    domain: str


def _shown(one: DkimKey) -> SigningKey:
    name = f"{one.selector}._domainkey.{one.domain}"
    return SigningKey(one.domain, name, one.record, one.made_at, one.checked_at, one.found, one.live_at)


def _standing(tx: Tx) -> ReturnedMail:
    one, keys = posting.standing(tx), [_shown(key) for key in posting.keys(tx)]
    return ReturnedMail(one.box, one.provider, one.host, one.port, one.username, one.read_at, one.problem, keys)


@get("/returned-mail", sync_to_thread=True, opt=told() | ADMIN)
def get_returned_mail(request: AnyRequest) -> ReturnedMail:
    """Return how what comes back of mail is heard of, and the keys that sign mail."""
    with opened(request) as tx:
        return _standing(tx)


@put(
    "/returned-mail",
    sync_to_thread=True,
    opt=told(takes=Wanted, gives=ReturnedMail, body={"provider": "postmark", "provider_key": "made up and long"})
    | notes("returned.mail.changed"),
)
def set_returned_mail(request: AnyRequest) -> Response[bytes]:
    """Hear of what comes back in another way; a secret that is left out stays what it was."""

    def keep(tx: Tx, said: Wanted) -> ReturnedMail:
        house: House = request.app.state.house
        posting.keep(tx, said, house.vault, request.state.workspace, utc_now())
        slip_of(request).tell(after={"box": said.box, "provider": said.provider, "host": said.host})
        return _standing(tx)

    return once(request, Wanted, keep)


@post(
    "/returned-mail/keys",
    sync_to_thread=True,
    opt=told(takes=NewKey, gives=SigningKey, body={"domain": "gifts.example"}) | notes("dkim.key.made", "domain"),
)
def make_signing_key(request: AnyRequest) -> Response[bytes]:
    """Make the key that signs mail of a domain, unless there is one; it signs once its record was found in DNS."""

    def make(tx: Tx, said: NewKey) -> SigningKey:
        house: House = request.app.state.house
        made = posting.make_key(tx, said.domain, house.vault, request.state.workspace, utc_now())
        slip_of(request).tell(made.domain)
        return _shown(made)

    return once(request, NewKey, make)


@post(
    "/returned-mail/keys/{name:str}/check",
    sync_to_thread=True,
    opt=told(name="gifts.example", takes=Nothing, gives=SigningKey, body={})
    | notes("dkim.key.checked", "domain", by="name"),
)
def check_signing_key(request: AnyRequest, name: FromPath[str]) -> Response[bytes]:
    """Ask DNS for the record of a domain's key, and return what it said: found, missing, other or unreachable."""

    def check(tx: Tx, _: Nothing) -> SigningKey:
        found = posting.check_key(tx, name, utc_now())
        slip_of(request).tell(after={"found": found.found})
        return _shown(found)

    return once(request, Nothing, check)


@delete(
    "/returned-mail/keys/{name:str}",
    status_code=200,
    sync_to_thread=True,
    opt=told(name="gifts.example", takes=Nothing, gives=ReturnedMail) | notes("dkim.key.dropped", "domain", by="name"),
)
def drop_signing_key(request: AnyRequest, name: FromPath[str]) -> Response[bytes]:
    """Sign mail of a domain no more, and drop its key for good."""

    def drop(tx: Tx, _: Nothing) -> ReturnedMail:
        posting.drop_key(tx, name)
        return _standing(tx)

    return once(request, Nothing, drop)


HANDLERS = [get_returned_mail, set_returned_mail, make_signing_key, check_signing_key, drop_signing_key]
