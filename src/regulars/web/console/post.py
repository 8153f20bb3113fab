"""What nobody waits for, mail to the team above all: the page is answered at once, and the same in any case."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import structlog

from regulars.access.mailed_links import drop_link, link_to_mail
from regulars.web.i18n import translator
from regulars.wiring import House
from regulars.words.clock import utc_now

log = structlog.get_logger()

_POST = ThreadPoolExecutor(2, thread_name_prefix="post")


def mail_link_later(house: House, email: str, locale: str) -> None:
    """Mail somebody of the team a log-in link, in the language of whoever asked for it; nobody else gets anything."""
    later(lambda: _mail_link(house, email, locale))


def tell_later(house: House, email: str, subject: str, text: str) -> None:
    """Tell somebody of the team something by mail, where there is a mail server."""
    later(lambda: house.tell(email, subject, text))


def later(what: Callable[[], object]) -> None:
    """Do something after the page was answered; what goes wrong stands in the log."""

    def quietly() -> None:
        try:
            what()
        except Exception:
            log.exception("what was to be done after an answer failed")

    _POST.submit(quietly)


def _mail_link(house: House, email: str, locale: str) -> None:
    token = link_to_mail(house.database, email, utc_now())
    if token is None:
        return
    gettext = translator(locale).gettext
    text = "\n\n".join(
        (
            gettext("Open this link to log in to Regulars at %(host)s:"),
            "%(url)s",
            gettext(
                "It works once, for 15 minutes. "
                "If it was not you who asked for it, do nothing: nobody comes in without it."
            ),
        )
    )
    filled = {"host": urlsplit(house.base_url).netloc, "url": f"{house.base_url}/console/login/{token}"}
    if not house.tell(email.strip().casefold(), gettext("Your log-in link"), text % filled):
        drop_link(house.database, token)
