"""The design system on one page: every token and every part, in all its states, in light and in dark."""

from datetime import timedelta

from litestar import Response, get

from regulars.store.pulse import position
from regulars.web.console.desk import AtDesk
from regulars.web.console.listing import Way
from regulars.web.i18n import say, translator
from regulars.words.errors import Invalid

COLOURS = (
    *("paper", "card", "sunk", "line", "edge", "ink", "soft", "accent", "on-accent", "tint", "said", "spoken"),
    *("good", "good-tint", "warn", "warn-tint", "bad", "bad-tint"),
)
SPACES = ("s1", "s2", "s3", "s4", "s5", "s6", "s7")
SIZES = ("small", "body", "large", "quote", "title", "number")
SHAPES = ("r-small", "round", "pill", "shade", "shade-high")
ICONS = (
    *("house", "users", "split", "megaphone", "file-text", "inbox", "clipboard-list", "heart-pulse", "search", "plus"),
    *("pencil", "copy", "undo-2", "trash-2", "download", "upload", "circle-check", "circle-alert", "send", "clock"),
)


@get("/design", sync_to_thread=True)
def design(desk: AtDesk) -> Response[str]:
    """Show what pages are made of."""
    gettext = translator(desk.locale).gettext
    way = Way(f"{desk.home}/design", {})
    with desk.tx() as tx:
        since = position(tx)
    return desk.page(
        "design.html",
        since=since,
        colours=COLOURS,
        spaces=SPACES,
        sizes=SIZES,
        shapes=SHAPES,
        icons=ICONS,
        narrowed=[way.chip(gettext("They give to their mother"), "a"), way.chip(gettext("E-mail address"), "b")],
        earlier=desk.now - timedelta(minutes=9),
        form={"title": "Spring", "purpose": "marketing", "segment": "for-mothers"},
        errors={"purpose": say(Invalid("A campaign's title has 1 to {most} characters.", most=80), desk.locale)},
    )


ROUTES = [design]
