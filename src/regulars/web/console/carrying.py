"""What was typed before a session ended is carried through the log-in, by the page itself: the house keeps none of it.

Whoever sends a form without a session gets it back on a page that says so, and from there logs in in another window.
What they send then comes with the token of the session that ended: they are shown it once more, and send it with one
press. A page names whose it is, so what one person typed is never sent, or shown, for another who logs in there.
"""

from collections.abc import Mapping
from typing import Any

from litestar import Request, Response

from regulars.web.console.desk import CSRF, WHOSE, Carried, reader_of, render

_PRESSED = frozenset({CSRF, WHOSE, "do", "composer", "thing", "base"})
"""Fields that nobody types."""


def carried(request: Request[Any, Any, Any], kept: Carried) -> Response[str]:
    """Show what was sent, with the way to log in or, for somebody who is back, the button that sends it."""
    here = f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path
    fields = kept.fields if not kept.csrf else {**kept.fields, CSRF: kept.csrf}
    return render(
        "carried.html",
        reader_of(request),
        status=401 if not kept.csrf else 409,
        here=here,
        back=bool(kept.csrf),
        fields=fields,
        typed=_typed(kept.fields),
    )


def _typed(fields: Mapping[str, str]) -> list[str]:
    return [value for name, value in fields.items() if name not in _PRESSED and value.strip()]
