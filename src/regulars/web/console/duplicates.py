"""Customers who may be one, side by side: joined, told apart, or left for later; and the rules that join records."""

from collections.abc import Mapping

import msgspec
from litestar import Response, get, post
from litestar.params import FromQuery
from litestar.response import Redirect

from regulars.access.rights import Right
from regulars.remember import duplicates, ruling
from regulars.remember.duplicates import START
from regulars.remember.heard import Rules
from regulars.remember.ruling import MOST_DEVICES, Tried
from regulars.store.database import Tx
from regulars.web import cursors
from regulars.web.console import drafts, meeting, undoing
from regulars.web.console.desk import AtDesk, Desk, needs
from regulars.web.console.listing import Way, nothing, picked
from regulars.web.console.veil import address_shown, hidden_from
from regulars.web.i18n import say, translator
from regulars.web.noting import notes
from regulars.web.numbers import number_in
from regulars.words.errors import Invalid, Overtaken

_PAGE = 20
_HERE = "/duplicates"


@get("/duplicates", sync_to_thread=True, opt=notes("duplicates.seen"))
def show(desk: AtDesk, q: FromQuery[str] = "", after: FromQuery[str] = "") -> Response[str]:
    """Show pairs of customers who may be one, the surest first: all, or those of whom one is found by a search."""
    place, q = cursors.read(after, tuple[int, int, int]) or START, q.strip()
    way = Way(f"{desk.home}{_HERE}", {"q": q})
    with desk.tx() as tx:
        pairs = duplicates.look(tx, desk.now, place, _PAGE + 1, hidden=hidden_from(desk, tx), q=q)
        total = duplicates.count(tx, desk.now, q=q)
    desk.slip.tell(after={"shown": len(pairs[:_PAGE])})
    return desk.page(
        "duplicates.html",
        address_shown=address_shown,
        pairs=pairs[:_PAGE],
        total=total,
        q=q,
        way=way,
        chips=[way.chip(desk.quoted(q), "q")] if q else [],
        earlier=way.but() if after else "",
        later=way.but(after=cursors.made(*pairs[_PAGE - 1].place)) if len(pairs) > _PAGE else "",
    )


@post("/duplicates", sync_to_thread=True, opt=needs(Right.CARE) | notes("duplicates.decided"))
def decide(desk: AtDesk) -> Redirect:
    """Join, tell apart or postpone one pair, or all that were ticked."""
    what, _, one = desk.form.get("do", "").partition(":")
    pairs = [pair for text in ([one] if one else picked(desk)) if (pair := _pair(text))]
    if not pairs:
        return nothing(desk, _HERE)
    with desk.noted(after={"what": what, "pairs": ["-".join(map(str, pair)) for pair in pairs]}) as tx:
        match what:
            case "join":
                kept, kind = duplicates.join(tx, pairs, desk.now, unseen=not one), "duplicates.joined"
            case "apart":
                kept, kind = duplicates.decide_apart(tx, pairs, desk.now), "duplicates.apart"
            case "later":
                duplicates.postpone(tx, pairs, desk.now + duplicates.LATER)
                kept, kind = pairs, "duplicates.later"
            case _:
                raise Invalid("Say what is to be done: join, not the same, or later.")
        back = None if what == "apart" else kept
        done = undoing.did(desk, tx, kind, [], kept=back, count=len(kept))
    desk.house.waker.poke(desk.workspace.name)
    return undoing.land(desk, _HERE, done)


def _pair(text: str) -> tuple[int, int] | None:
    """Read a pair as it stands in the form: 12-34."""
    one, other = (number_in(part) for part in text.partition("-")[::2])
    return None if one is None or other is None else (one, other)


@get("/duplicates/rules", sync_to_thread=True)
def show_rules(desk: AtDesk) -> Response[str]:
    """Show the rules by which records are joined by themselves."""
    with desk.tx() as tx:
        return _rules(desk, tx, _typed(ruling.rules_now(tx)))


@post("/duplicates/rules", sync_to_thread=True, opt=needs(Right.COMPOSE) | notes("identity.rules.changed"))
def save_rules(desk: AtDesk) -> Response[str] | Redirect:
    """Say what other rules would have done, or take them from now on."""
    form = desk.form
    try:
        rules = Rules(
            email="weak" if form.get("email") == "weak" else "strong",
            phone="weak" if form.get("phone") == "weak" else "strong",
            devices=-1 if (most := number_in(form.get("devices", ""))) is None else most,
        )
        if form.get("do") == "try":
            with desk.tx() as tx:
                return _rules(desk, tx, _typed(rules), tried=ruling.try_rules(tx, rules))
        with desk.noted() as tx:
            before = meeting.standing(tx, "identity rules", ruling.rules_now, rules, drafts.base(desk))
            desk.slip.tell(before=msgspec.to_builtins(before), after=msgspec.to_builtins(rules))
            ruling.change(tx, rules, desk.now)
    except Overtaken:
        return _overtaken(desk, form)
    except Invalid as error:
        with desk.tx() as tx:
            return _rules(desk, tx, {**_typed(Rules()), **form}, {error.field: say(error, desk.locale)})
    desk.house.waker.poke(desk.workspace.name)
    return desk.go("/duplicates/rules?saved=1")


def _overtaken(desk: Desk, form: Mapping[str, str]) -> Response[str]:
    """Show the rules that were chosen, and beside them those that somebody else saved meanwhile."""
    gettext = translator(desk.locale).gettext
    labels = {
        "email": gettext("An e-mail address"),
        "phone": gettext("A phone number"),
        "devices": gettext("A browser"),
    }
    words = {"strong": gettext("one person"), "weak": gettext("shared")}
    with desk.tx() as tx:
        now = ruling.rules_now(tx)
        mine, theirs = ({**_typed(Rules()), **form}, _typed(now))
        parts = [
            meeting.Part(label, words.get(mine[field], mine[field]), words.get(theirs[field], theirs[field]))
            for field, label in labels.items()
        ]
        beside = meeting.beside(desk, tx, "identity.rules.changed", parts)
        return _rules(desk, tx, mine, beside=beside)


def _typed(rules: Rules) -> dict[str, str]:
    return {"email": rules.email, "phone": rules.phone, "devices": str(rules.devices)}


def _rules(
    desk: Desk, tx: Tx, form: Mapping[str, str], errors: Mapping[str, str] | None = None, tried: Tried | None = None,
    beside: meeting.Beside | None = None,
) -> Response[str]:  # fmt: skip
    stands = meeting.mark(ruling.rules_now(tx))
    return desk.page(
        "duplicates_rules.html",
        status=400 if errors else 409 if beside else 200,
        beside=beside,
        base=stands if beside else drafts.base(desk) or stands,
        form=form,
        errors=errors or {},
        tried=tried,
        versions=ruling.versions(tx),
        most=MOST_DEVICES,
    )


ROUTES = [show, decide, show_rules, save_rules]
