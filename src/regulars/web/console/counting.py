"""Of whom it is counted whether they open messages and follow links: chosen for the whole workspace."""

from litestar import Response, get, post
from litestar.params import FromQuery
from litestar.response import Redirect

from regulars.access.rights import Right
from regulars.decide import tracking
from regulars.decide.tracking import IF_AGREED, OFF, UNLESS_REFUSED
from regulars.web.console import drafts, meeting
from regulars.web.console.desk import AtDesk, Desk, needs
from regulars.web.i18n import say, translator
from regulars.web.noting import notes
from regulars.words.errors import Invalid, Overtaken

_HERE = "/counting"


@get(_HERE, sync_to_thread=True, opt=needs(Right.MANAGE))
def show(desk: AtDesk, saved: FromQuery[str] = "") -> Response[str]:
    """Show of whom it is counted."""
    with desk.tx() as tx:
        stands = tracking.standing(tx)
    return _page(desk, stands, stands, saved=bool(saved))


@post(_HERE, sync_to_thread=True, opt=needs(Right.MANAGE) | notes("counting.changed"))
def save(desk: AtDesk) -> Response[str] | Redirect:
    """Count of others from now on."""
    wanted = desk.form.get("tracking", "")
    try:
        with desk.noted() as tx:
            before = meeting.standing(tx, "counting", tracking.standing, wanted, drafts.base(desk))
            tracking.choose(tx, wanted)
            desk.slip.tell(before={"tracking": before}, after={"tracking": wanted})
    except Overtaken:
        return _overtaken(desk, wanted)
    except Invalid as error:
        with desk.tx() as tx:
            stands = tracking.standing(tx)
        return _page(desk, stands, wanted, {error.field: say(error, desk.locale)})
    return desk.go(f"{_HERE}?saved=yes")


def _overtaken(desk: Desk, wanted: str) -> Response[str]:
    """Show what was chosen, and beside it what somebody else saved meanwhile."""
    words = {way: text for way, text, _ in _ways(desk)}
    label = translator(desk.locale).gettext("Of whom it is counted")
    with desk.tx() as tx:
        stands = tracking.standing(tx)
        parts = [meeting.Part(label, words.get(wanted, wanted), words[stands])]
        beside = meeting.beside(desk, tx, "counting.changed", parts)
    return _page(desk, stands, wanted, beside=beside)


def _ways(desk: Desk) -> list[tuple[str, str, str]]:
    """Return what can be chosen: as it is kept, in words, and what it means."""
    gettext = translator(desk.locale).gettext
    return [
        (
            UNLESS_REFUSED,
            gettext("Of everybody who has not refused"),
            gettext("Customers refuse on the page of their preferences."),
        ),
        (
            IF_AGREED,
            gettext("Only of those who agreed"),
            gettext("They agree there, or in a form that asks for a consent of the purpose “tracking”."),
        ),
        (OFF, gettext("Of nobody"), gettext("Links lead straight to their page, and mails have no picture for it.")),
    ]


def _page(
    desk: Desk, stands: str, chosen: str, errors: dict[str, str] | None = None,
    *, saved: bool = False, beside: meeting.Beside | None = None,
) -> Response[str]:  # fmt: skip
    mark = meeting.mark(stands)
    return desk.page(
        "counting.html",
        status=400 if errors else 409 if beside else 200,
        form={"tracking": chosen},
        errors=errors or {},
        saved=saved,
        beside=beside,
        ways=_ways(desk),
        base=mark if beside else drafts.base(desk) or mark,
    )


ROUTES = [show, save]
