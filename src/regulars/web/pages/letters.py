"""The one mail that customers' pages have sent: it asks whether an address is its reader's."""

from regulars.engage.confirmations import Wanted
from regulars.speak.notices import Notice
from regulars.web.i18n import environment
from regulars.web.pages.visit import PACKAGE, Visit


def is_it_yours(visit: Visit, brand: str, want: Wanted, url: str) -> Notice:
    """Write the mail that asks the owner of a mailbox to confirm, in the visitor's language."""
    lead = visit.gettext("Somebody answered our questions, gave this address and said:")
    ask = visit.gettext("If that was you, open this page and say yes:")
    leave = visit.gettext("If that was not you, do nothing. Nothing more will be sent.")
    quotes = [f"    “{one.words}”" for one in want.consents]
    html = environment(PACKAGE, visit.locale).get_template("letter.html")
    return Notice(
        address=want.address,
        subject=visit.gettext("Is this your address?"),
        html=html.render(locale=visit.locale, brand=brand, consents=want.consents, url=url),
        text="\n".join([brand, "", lead, "", *quotes, "", ask, url, "", leave, ""]),
    )
