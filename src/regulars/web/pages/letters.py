"""The mails that customers' pages have sent: is this your address, and the link to everything we remember of you."""

import msgspec

from regulars.engage.confirmations import Wanted
from regulars.speak.notices import Notice
from regulars.web.i18n import environment
from regulars.web.pages.visit import PACKAGE, Visit


class _Letter(msgspec.Struct, frozen=True):
    """What a mail says, in the reader's language."""

    subject: str
    lead: str
    ask: str
    button: str
    leave: str
    quotes: tuple[str, ...] = ()


def is_it_yours(visit: Visit, brand: str, want: Wanted, url: str) -> Notice:
    """Write the mail that asks the owner of a mailbox to confirm, in the visitor's language."""
    letter = _Letter(
        subject=visit.gettext("Is this your address?"),
        lead=visit.gettext("Somebody answered our questions, gave this address and said:"),
        ask=visit.gettext("If that was you, open this page and say yes:"),
        button=visit.gettext("Yes, it is mine: write to me"),
        leave=visit.gettext("If that was not you, do nothing. Nothing more will be sent."),
        quotes=tuple(one.words for one in want.consents),
    )
    return _written(visit, brand, want.address, letter, url)


def your_page(visit: Visit, brand: str, address: str, url: str) -> Notice:
    """Write the mail that brings the owner of an address to what is remembered of them."""
    letter = _Letter(
        subject=visit.gettext("What we remember about you"),
        lead=visit.gettext("Somebody with a message of ours asked to see what we remember about you."),
        ask=visit.gettext("If that was you, open your page. The link works for 15 minutes; do not pass it on."),
        button=visit.gettext("Open my page"),
        leave=visit.gettext("If that was not you, do nothing. Nobody but you gets this link."),
    )
    return _written(visit, brand, address, letter, url)


def _written(visit: Visit, brand: str, address: str, letter: _Letter, url: str) -> Notice:
    html = environment(PACKAGE, visit.locale).get_template("letter.html")
    quotes = [*(f"    “{words}”" for words in letter.quotes), ""] if letter.quotes else []
    return Notice(
        address=address,
        subject=letter.subject,
        html=html.render(locale=visit.locale, brand=brand, letter=letter, url=url),
        text="\n".join([brand, "", letter.lead, "", *quotes, letter.ask, url, "", letter.leave, ""]),
    )
