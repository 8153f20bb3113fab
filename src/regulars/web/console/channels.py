"""Channels: how messages of each leave the workspace, set up and tested."""

from collections.abc import Mapping

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from regulars.access.rights import Right
from regulars.channels import adapter_of, channel_names, is_called
from regulars.channels.sandbox import NAME as HOME
from regulars.decide.policy import CHANNELS, EMAIL
from regulars.speak import ways
from regulars.speak.channel import Adapter, Field
from regulars.speak.ways import Way
from regulars.web.channelling import Tested, channel_called, choices, keep, tested
from regulars.web.console import drafts, meeting
from regulars.web.console.desk import AtDesk, Desk, needs
from regulars.web.gateways import hook
from regulars.web.i18n import say, translator
from regulars.web.noting import notes
from regulars.words.errors import Invalid, Overtaken

_HERE = "/channels"
_ONE = _HERE + "/{channel:str}"


@get(_HERE, sync_to_thread=True, opt=needs(Right.MANAGE))
def show(desk: AtDesk, removed: FromQuery[str] = "") -> Response[str]:
    """Show every channel, and how its messages leave."""
    gettext = translator(desk.locale).gettext
    with desk.tx() as tx:
        found = {one.channel: one for one in ways.list_ways(tx)}
        spoken = ways.spoken(tx)
    cards = [
        (one, channel_called(one, gettext), found.get(one), _adapter_called(desk, found.get(one)), one in spoken)
        for one in CHANNELS
    ]
    return desk.page(
        "channels.html",
        cards=cards,
        removed=channel_called(removed, gettext) if removed in CHANNELS else "",
        at_home=desk.workspace.delivery == HOME,
        installed=desk.house.has_mail,
        mail=EMAIL,
    )


@get(_ONE, sync_to_thread=True, opt=needs(Right.MANAGE))
def edit(desk: AtDesk, channel: FromPath[str], by: FromQuery[str] = "", saved: FromQuery[str] = "") -> Response[str]:
    """Show how messages of a channel leave, to be changed and tested."""
    return _page(desk, channel, by=by, saved=bool(saved))


@post(_ONE, sync_to_thread=True, opt=needs(Right.MANAGE) | notes("channel.changed", "channel", by="channel"))
def save(desk: AtDesk, channel: FromPath[str]) -> Response[str] | Redirect:
    """Let messages of a channel leave by another way from now on."""
    adapter = desk.form.get("adapter", "")
    fields = adapter_of(adapter).fields if adapter in channel_names() else ()
    given = {one.name: desk.form.get(f"of_{one.name}", "") for one in fields}
    try:
        with desk.noted() as tx:
            before = meeting.standing(
                tx, f"channel {channel}", lambda tx: _mark(ways.get_way(tx, channel)), None, drafts.base(desk)
            )
            way = keep(desk.house, tx, desk.workspace.name, channel, adapter, given, desk.now)
            desk.slip.tell(before={"way": before}, after={"adapter": way.adapter, **way.settings})
    except Overtaken:
        return _overtaken(desk, channel, adapter, given)
    except Invalid as error:
        field = error.field if error.field == "adapter" else f"of_{error.field}"
        return _page(desk, channel, by=adapter, form=desk.form, errors={field: say(error, desk.locale)})
    desk.house.waker.poke(desk.workspace.name)
    return desk.go(f"{_HERE}/{channel}?saved=yes")


@post(f"{_ONE}/test", sync_to_thread=True, opt=needs(Right.MANAGE) | notes("channel.tested", "channel", by="channel"))
def test(desk: AtDesk, channel: FromPath[str]) -> Response[str]:
    """Send a test by the way that is saved, and say what came of it."""
    address = desk.form.get("address", "")
    try:
        with desk.noted():
            pass
        found = tested(desk.house, desk.workspace, channel, address, desk.locale, desk.now)
    except Invalid as error:
        return _page(desk, channel, errors={"address": say(error, desk.locale)}, address=address)
    return _page(desk, channel, test=found, address=address)


@post(
    f"{_ONE}/remove", sync_to_thread=True, opt=needs(Right.MANAGE) | notes("channel.removed", "channel", by="channel")
)
def remove(desk: AtDesk, channel: FromPath[str]) -> Redirect:
    """Forget how messages of a channel leave, its secrets too; what is due waits until there is another way."""
    with desk.noted() as tx:
        way = ways.drop(tx, channel)
        desk.slip.tell(before={"adapter": way.adapter, **way.settings})
    return desk.go(f"{_HERE}?removed={channel}")


def _overtaken(desk: Desk, channel: str, adapter: str, given: Mapping[str, str]) -> Response[str]:
    """Show what was typed, and beside it what somebody else saved meanwhile; no secret of either."""
    gettext = translator(desk.locale).gettext
    with desk.tx() as tx:
        way = ways.get_way(tx, channel)
        stands = way.settings if way else {}
        parts = [meeting.Part(gettext("By which way"), gettext(adapter_of(adapter).title), _adapter_called(desk, way))]
        open_ = [one for one in adapter_of(adapter).fields if not one.secret]
        parts += [meeting.Part(gettext(one.label), given[one.name], stands.get(one.name, "")) for one in open_]
        beside = meeting.beside(desk, tx, "channel.changed", parts, thing=channel)
    return _page(desk, channel, by=adapter, form=desk.form, beside=beside)


def _mark(way: Way | None) -> str:
    return f"{way.adapter} {way.version}" if way else ""


def _adapter_called(desk: Desk, way: Way | None) -> str:
    gettext = translator(desk.locale).gettext
    return gettext(adapter_of(way.adapter).title) if way and way.adapter in channel_names() else ""


def _parts(
    desk: Desk, chosen: Adapter | None, errors: Mapping[str, str]
) -> list[tuple[str, str, list[tuple[Field, str, str, bool]]]]:
    """Return the fields by the part they belong to: its title, and each with its words and whether it is wrong."""
    gettext = translator(desk.locale).gettext
    found: dict[str, list[tuple[Field, str, str, bool]]] = {}
    for one in chosen.fields if chosen else ():
        hint = gettext(one.hint) if one.hint else ""
        found.setdefault(one.part, []).append((one, gettext(one.label), hint, f"of_{one.name}" in errors))
    return [(part, gettext(part) if part else "", some) for part, some in found.items()]


def _chosen(channel: str, way: Way | None, offered: list[Adapter], by: str) -> Adapter | None:
    """Return the adapter whose fields are shown: the one asked for, the one that is saved, or the usual one."""
    names = {one.name: one for one in offered}
    return names.get(by) or (names.get(way.adapter) if way else None) or names.get(channel) or next(iter(offered), None)


def _fresh(chosen: Adapter | None, way: Way | None) -> dict[str, str]:
    """Return secrets that we make ourselves, where none is kept yet."""
    if chosen is None or (way and way.adapter == chosen.name):
        return {}
    return {one.name: one.fresh() for one in chosen.fields if one.fresh}


def _page(
    desk: Desk, channel: str, *, by: str = "", form: Mapping[str, str] | None = None,
    errors: dict[str, str] | None = None, saved: bool = False, test: Tested | None = None,
    address: str = "", beside: meeting.Beside | None = None,
) -> Response[str]:  # fmt: skip
    gettext, offered = translator(desk.locale).gettext, choices(channel)
    with desk.tx() as tx:
        way = ways.get_way(tx, channel)
    chosen = _chosen(channel, way, offered, by)
    stands = way.settings if way and chosen and way.adapter == chosen.name else {}
    usual = {f"of_{one.name}": stands.get(one.name, one.usual) for one in (chosen.fields if chosen else ())}
    mail = channel == EMAIL
    return desk.page(
        "channel.html",
        status=400 if errors else 409 if beside else 200,
        channel=channel,
        called=channel_called(channel, gettext),
        way=way,
        chosen=chosen,
        offered=[(one.name, gettext(one.title)) for one in offered],
        parts=_parts(desk, chosen, errors or {}),
        kept=ways.kept_secrets(way, desk.house.vault, desk.workspace.name)
        if way and chosen and way.adapter == chosen.name
        else set(),
        form={
            "adapter": chosen.name if chosen else "",
            "address": address or (desk.person.email if mail else ""),
            **(form or usual),
        },
        errors=errors or {},
        saved=saved,
        test=test,
        mail=mail,
        pairs={one.name: [(value, value) for value in one.options] for one in (chosen.fields if chosen else ())},
        beside=beside,
        hook=hook(desk.house, desk.workspace.name, channel) if way and is_called(way.adapter) else "",
        fresh=_fresh(chosen, way),
        at_home=desk.workspace.delivery == HOME,
        base=meeting.mark(_mark(way)) if beside or not form else drafts.base(desk),
    )


ROUTES = [show, edit, save, test, remove]
