"""The mails that customers' pages have sent: is this your address, and the link to everything we remember of you.

They wear the brand and speak in its tone, in the language of whoever had them sent.
"""

from regulars.engage.confirmations import Wanted
from regulars.speak.notices import Notice
from regulars.web.letter import Letter, written
from regulars.web.pages.visit import Visit


def is_it_yours(visit: Visit, want: Wanted, url: str) -> Notice:
    """Write the mail that asks the owner of a mailbox to confirm, in the visitor's language."""
    letter = Letter(
        subject=visit.gettext("Is this your address?"),
        lead=visit.gettext("Somebody answered our questions, gave this address and said:"),
        ask=visit.gettext("If that was you, open this page and say yes:"),
        button=visit.gettext("Yes, it is mine: write to me"),
        leave=visit.gettext("If that was not you, do nothing. Nothing more will be sent."),
        quotes=tuple(one.words for one in want.consents),
    )
    return _written(visit, want.address, letter, url)


def your_page(visit: Visit, address: str, url: str) -> Notice:
    """Write the mail that brings the owner of an address to what is remembered of them."""
    letter = Letter(
        subject=visit.gettext("What we remember about you"),
        lead=visit.gettext("Somebody with a message of ours asked to see what we remember about you."),
        ask=visit.gettext("If that was you, open your page. The link works for 15 minutes; do not pass it on."),
        button=visit.gettext("Open my page"),
        leave=visit.gettext("If that was not you, do nothing. Nobody but you gets this link."),
    )
    return _written(visit, address, letter, url)


def _written(visit: Visit, address: str, letter: Letter, url: str) -> Notice:
    if visit.workspace is None:
        raise ValueError("a letter is written for somebody's brand")
    html, text = written(letter, url, visit.workspace, visit.locale, visit.house.base_url)
    return Notice(address=address, subject=letter.subject, html=html, text=text)
