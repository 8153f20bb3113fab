"""How messages of each channel leave, at `/api/channels`: set up, tested, forgotten. A secret is never told."""

from datetime import datetime

import msgspec
from litestar import Response, delete, get, post, put
from litestar.params import FromPath

from regulars.access.workspaces import get_workspace
from regulars.channels import adapter_of, is_called
from regulars.decide.policy import CHANNELS
from regulars.speak import ways
from regulars.speak.ways import Way
from regulars.store.database import Tx
from regulars.web.api.entry import ADMIN, AnyRequest, Cursor, Limit, Listing, opened, part_of
from regulars.web.api.once import Nothing, once
from regulars.web.api.replacing import check_newest, hold
from regulars.web.api.telling import told
from regulars.web.channelling import Tested, choices, keep, tested
from regulars.web.gateways import hook
from regulars.web.noting import notes, slip_of
from regulars.wiring import House
from regulars.words.clock import utc_now


class Setting(msgspec.Struct, frozen=True):
    """What can be set of an adapter; `secret`: it is kept encrypted and never told again."""

    name: str
    label: str
    hint: str
    secret: bool
    needed: bool
    usual: str
    options: list[str]


class Offered(msgspec.Struct, frozen=True):
    """An adapter by which messages may leave, and what can be set of it."""

    adapter: str
    title: str
    settings: list[Setting]


class ChannelWay(msgspec.Struct, frozen=True):
    """How messages of a channel leave; `adapter` is null where they have no way of their own.

    `secrets` names those that are kept. `hook` is where its gateway can tell us what came of messages, where it can.
    `problem` is what came of the last test; null: it was taken, or nobody tested.
    """

    channel: str
    adapter: str | None
    settings: dict[str, str]
    secrets: list[str]
    version: int
    tested_at: datetime | None
    problem: str | None
    hook: str | None
    offered: list[Offered]


class NewWay(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """By which adapter messages are to leave, with its settings and secrets; a secret left out stays what it was.

    `replaces`: the version that you looked at; where another one stands by now, it is refused with 409.
    """

    adapter: str
    settings: dict[str, str] = {}
    replaces: int | None = None


class NewTest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """To which address a test is to be sent."""

    address: str


@get("/channels", sync_to_thread=True, opt=told() | ADMIN)
def list_channels(request: AnyRequest, limit: Limit = 50, cursor: Cursor = "") -> Listing[ChannelWay]:
    """List every channel with how its messages leave, and what could carry them."""
    with opened(request) as tx:
        found = [_shown(request, one, ways.get_way(tx, one)) for one in CHANNELS]
    return part_of(found, limit, cursor, lambda one: one.channel)


@get("/channels/{channel:str}", sync_to_thread=True, opt=told(channel="email") | ADMIN)
def get_channel(request: AnyRequest, channel: FromPath[str]) -> ChannelWay:
    """Return how messages of a channel leave."""
    choices(channel)
    with opened(request) as tx:
        return _shown(request, channel, ways.get_way(tx, channel))


@put(
    "/channels/{channel:str}",
    sync_to_thread=True,
    opt=told(
        channel="email",
        takes=NewWay,
        gives=ChannelWay,
        body={"adapter": "smtp", "settings": {"host": "mail.example.com", "user": "shop", "password": "a secret"}},
    )
    | notes("channel.changed", "channel", by="channel"),
)
def set_channel(request: AnyRequest, channel: FromPath[str]) -> Response[bytes]:
    """Let messages of a channel leave by an adapter from now on."""
    house, workspace = _house(request), request.state.workspace

    def change(tx: Tx, said: NewWay) -> ChannelWay:
        choices(channel)
        hold(tx, f"channel {channel}")
        before = ways.get_way(tx, channel)
        check_newest(before.version if before else 0, said.replaces, None)
        way = keep(house, tx, workspace, channel, said.adapter, said.settings, utc_now())
        slip_of(request).tell(before=_noted(before), after=_noted(way))
        return _shown(request, channel, way)

    return once(request, NewWay, change)


@delete(
    "/channels/{channel:str}",
    sync_to_thread=True,
    status_code=200,
    opt=told(channel="email", takes=Nothing, gives=ChannelWay) | notes("channel.removed", "channel", by="channel"),
)
def remove_channel(request: AnyRequest, channel: FromPath[str]) -> Response[bytes]:
    """Forget how messages of a channel leave, its secrets too; what is due waits until there is another way."""

    def drop(tx: Tx, _: Nothing) -> ChannelWay:
        choices(channel)
        slip_of(request).tell(before=_noted(ways.drop(tx, channel)))
        return _shown(request, channel, None)

    return once(request, Nothing, drop)


@post(
    "/channels/{channel:str}/test",
    sync_to_thread=True,
    opt=told(channel="email", takes=NewTest, gives=Tested, body={"address": "ann@shop.example"})
    | notes("channel.tested", "channel", by="channel"),
)
def test_channel(request: AnyRequest, channel: FromPath[str]) -> Response[bytes]:
    """Send a test by the way that is saved; the answer says what came of it, in the words of the other side."""
    house = _house(request)

    def send(_: Tx, said: NewTest) -> Tested:
        choices(channel)
        workspace = get_workspace(house.database, request.state.workspace)
        return tested(house, workspace, channel, said.address, "en", utc_now())

    return once(request, NewTest, send)


def _house(request: AnyRequest) -> House:
    house: House = request.app.state.house
    return house


def _noted(way: Way | None) -> dict[str, str]:
    return {"adapter": way.adapter, **way.settings} if way else {}


def _shown(request: AnyRequest, channel: str, way: Way | None) -> ChannelWay:
    house = _house(request)
    kept = ways.kept_secrets(way, house.vault, request.state.workspace)
    return ChannelWay(
        channel,
        way.adapter if way else None,
        way.settings if way else {},
        sorted(kept),
        way.version if way else 0,
        way.tested_at if way else None,
        way.problem if way else None,
        hook(house, request.state.workspace, channel) if way and is_called(way.adapter) else None,
        [_offered(one.name) for one in choices(channel)],
    )


def _offered(name: str) -> Offered:
    adapter = adapter_of(name)
    fields = [
        Setting(one.name, one.label, one.hint, one.secret, one.needed, one.usual, list(one.options))
        for one in adapter.fields
    ]
    return Offered(name, adapter.title, fields)


HANDLERS = [list_channels, get_channel, set_channel, remove_channel, test_channel]
