"""What cannot be taken back and is done with many: asked once, with what it is about, and then done."""

from typing import Any

from litestar import Response

from regulars.web.console.desk import Desk
from regulars.web.console.listing import PICK


def sure(desk: Desk) -> bool:
    """Return whether somebody has been asked, and said yes."""
    return bool(desk.form.get("sure"))


def ask(
    desk: Desk, *, title: str, question: str, text: str, back: str, status: int = 200, **shown: Any
) -> Response[str]:
    """Ask once. All that the list sent comes again with the answer; `shown` is what the page shows besides."""
    kept = {key: value for key, value in desk.form.items() if key.startswith(PICK) or key in shown.get("keep", ())}
    blank: dict[str, Any] = {"crumb": "", "names": [], "abouts": [], "form": desk.form, "errors": {}}
    page = {"title": title, "question": question, "text": text, "back": back, "kept": kept}
    return desk.page("asked_once.html", status=status, **blank | page | shown)
