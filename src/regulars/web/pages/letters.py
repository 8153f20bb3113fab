"""The mails that customers' pages have sent: is this your address, and the link to everything we remember of you.

They wear the brand and speak in its tone, in the language of whoever had them sent.
"""

import msgspec

from regulars.engage.confirmations import Wanted
from regulars.speak.notices import Notice
from regulars.web.i18n import environment
from regulars.web.pages.visit import PACKAGE, Visit
from regulars.words.colour import LIGHT, palette


class _Letter(msgspec.Struct, frozen=True):
    """What a mail says, in the reader's language."""

    subject: str
    lead: str
    ask: str
    button: str
    leave: str
    quotes: tuple[str, ...] = ()


def is_it_yours(visit: Visit, want: Wanted, url: str) -> Notice:
    """Write the mail that asks the owner of a mailbox to confirm, in the visitor's language."""
    letter = _Letter(
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
    letter = _Letter(
        subject=visit.gettext("What we remember about you"),
        lead=visit.gettext("Somebody with a message of ours asked to see what we remember about you."),
        ask=visit.gettext("If that was you, open your page. The link works for 15 minutes; do not pass it on."),
        button=visit.gettext("Open my page"),
        leave=visit.gettext("If that was not you, do nothing. Nobody but you gets this link."),
    )
    return _written(visit, address, letter, url)


def _written(visit: Visit, address: str, letter: _Letter, url: str) -> Notice:
    html = environment(PACKAGE, visit.locale, visit.zone).get_template("letter.html")
    quotes = [*(f"    “{words}”" for words in letter.quotes), ""] if letter.quotes else []
    brand = visit.brand
    if brand is None:
        raise ValueError("a letter is written for a brand")
    phrases = brand.phrases(visit.gettext)
    said = [phrases.hello, "", letter.lead, "", *quotes, letter.ask, url, "", letter.leave, ""]
    return Notice(
        address=address,
        subject=letter.subject,
        html=html.render(
            locale=visit.locale,
            brand=brand,
            phrases=phrases,
            colours=palette(brand.accent, LIGHT),
            surface=LIGHT,
            base_url=visit.house.base_url,
            letter=letter,
            url=url,
        ),
        text="\n".join([*said, phrases.bye, brand.title, ""]),
    )
