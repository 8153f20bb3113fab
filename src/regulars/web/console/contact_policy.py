"""The contact policy: how much customers are written to, whoever of the team writes."""

from collections.abc import Mapping

import msgspec
from babel.lists import format_list
from litestar import Response, get, post
from litestar.params import FromQuery
from litestar.response import Redirect

from regulars.access.rights import Right
from regulars.decide import contact
from regulars.decide.contact import ContactPolicy
from regulars.decide.law import HOURS
from regulars.speak.pressure import change
from regulars.web.console import campaign_bounds, drafts, meeting
from regulars.web.console.desk import AtDesk, Desk, needs
from regulars.web.i18n import babel_locale, say, translator
from regulars.web.noting import notes
from regulars.web.numbers import number_in
from regulars.words.errors import Invalid, Overtaken

_HERE = "/contact-policy"
_NO_NUMBER = -1
"""What is no number is as wrong as one that is too small."""


@get(_HERE, sync_to_thread=True, opt=needs(Right.MANAGE))
def show(desk: AtDesk, saved: FromQuery[str] = "") -> Response[str]:
    """Show what the workspace wants."""
    with desk.tx() as tx:
        stands = contact.standing(tx)
    return _page(desk, stands, _typed(stands), saved=bool(saved))


@post(_HERE, sync_to_thread=True, opt=needs(Right.MANAGE) | notes("contact.policy.changed"))
def save(desk: AtDesk) -> Response[str] | Redirect:
    """Want something else from now on."""
    wanted = _wanted(desk.form)
    try:
        with desk.noted() as tx:
            before = meeting.standing(tx, "contact policy", contact.standing, wanted, drafts.base(desk))
            change(tx, wanted, desk.now)
            desk.slip.tell(before=msgspec.to_builtins(before), after=msgspec.to_builtins(wanted))
    except Overtaken:
        return _overtaken(desk, wanted)
    except Invalid as error:
        with desk.tx() as tx:
            stands = contact.standing(tx)
        return _page(desk, stands, desk.form, {error.field: say(error, desk.locale)})
    desk.house.waker.poke(desk.workspace.name)
    return desk.go(f"{_HERE}?saved=yes")


def _wanted(form: Mapping[str, str]) -> ContactPolicy:
    return ContactPolicy(
        per_day=_number(form, "per_day"),
        per_week=_number(form, "per_week"),
        quiet_from=form.get("quiet_from", "").strip() or None,
        quiet_until=form.get("quiet_until", "").strip() or None,
        by_law=bool(form.get("by_law")),
        held_out=campaign_bounds.share_in(form),
        complaint_opened=form.get("complaint_opened", "").strip(),
        complaint_resolved=form.get("complaint_resolved", "").strip(),
    )


def _number(form: Mapping[str, str], field: str) -> int | None:
    typed = form.get(field, "").strip()
    return (number_in(typed) or _NO_NUMBER) if typed else None


def _typed(policy: ContactPolicy) -> dict[str, str]:
    """Return what the form says of a policy."""
    return {name: str(value or "") for name, value in msgspec.structs.asdict(policy).items()}


def _overtaken(desk: Desk, wanted: ContactPolicy) -> Response[str]:
    """Show what was chosen, and beside it what somebody else saved meanwhile."""
    gettext = translator(desk.locale).gettext
    labels = {
        "per_day": gettext("Messages to one customer in 24 hours, at most"),
        "per_week": gettext("Messages to one customer in 7 days, at most"),
        "quiet_from": gettext("Quiet from"),
        "quiet_until": gettext("Quiet until"),
        "held_out": gettext("Customers to whom nothing is advertised, in percent"),
        "complaint_opened": gettext("The event by which somebody complains"),
        "complaint_resolved": gettext("The event by which that is resolved"),
        "by_law": gettext("Keep to the hours that laws set for calls and texts"),
    }
    with desk.tx() as tx:
        stands = contact.standing(tx)
        mine, theirs = _typed(wanted), _typed(stands)
        yes = gettext("Yes")
        words = {"True": yes}
        parts = [
            meeting.Part(label, *(words.get(one[field], one[field]) for one in (mine, theirs)))
            for field, label in labels.items()
        ]
        beside = meeting.beside(desk, tx, "contact.policy.changed", parts)
    return _page(desk, stands, desk.form, beside=beside)


def _countries(desk: Desk) -> str:
    """Return whose law we know, as a list in the reader's language."""
    locale = babel_locale(desk.locale)
    return format_list(sorted(locale.territories.get(one, one) for one in HOURS), locale=locale)


def _page(
    desk: Desk, stands: ContactPolicy, form: Mapping[str, str], errors: Mapping[str, str] | None = None,
    *, saved: bool = False, beside: meeting.Beside | None = None,
) -> Response[str]:  # fmt: skip
    mark = meeting.mark(stands)
    return desk.page(
        "contact_policy.html",
        status=400 if errors else 409 if beside else 200,
        form=form,
        errors=errors or {},
        countries=_countries(desk),
        saved=saved,
        beside=beside,
        base=mark if beside else drafts.base(desk) or mark,
    )


ROUTES = [show, save]
