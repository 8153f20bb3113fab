"""How a mail looks for a customer and for one who told us nothing, beside whatever is composed.

Mail has its styles in itself: a page that shows it has a policy of its own, which allows styles inside, and no scripts;
each mail is framed in a sandbox besides.
"""

import msgspec

from regulars.engage import asking
from regulars.measure.feed import feed
from regulars.remember import customers
from regulars.speak.context import Rendered, worn
from regulars.speak.preview import preview
from regulars.speak.templates import Template
from regulars.speak.text_length import Length, measure
from regulars.store.database import Tx
from regulars.web.console.desk import Desk
from regulars.web.headers import POLICY
from regulars.web.i18n import say, translator
from regulars.web.numbers import number_in
from regulars.words.errors import RegularsError

MAIL_POLICY = f"{POLICY.replace('img-src', 'img-src https:')}; style-src 'self' 'unsafe-inline'"
"""Pictures in a mail lie where whoever composes it says, as its readers' mail programs fetch them."""


class Look(msgspec.Struct, frozen=True):
    """What a template comes to for somebody, or why it cannot be written."""

    rendered: Rendered | None
    problem: str = ""

    @property
    def length(self) -> Length:
        """How long its text is as a text message."""
        return measure(self.rendered.text if self.rendered else "")


def people_to_see(desk: Desk, tx: Tx) -> list[tuple[str, str]]:
    """Return customers who have told us something lately, to look through their eyes."""
    people = {str(one.customer_id): one.customer for one in feed(tx) if one.customer_id is not None}
    nameless = translator(desk.locale).gettext("Customer %(id)s")
    return [(number, name or nameless % {"id": number}) for number, name in people.items()]


def customer_chosen(tx: Tx, chosen: str) -> int | None:
    """Return the customer whose eyes were chosen; raise Unknown where there is none."""
    number = number_in(chosen)
    return None if number is None else customers.get_customer(tx, number).id


def look_of(desk: Desk, tx: Tx, draft: Template, customer: int | None) -> Look:
    """Return what a template comes to for a customer, or for one who told us nothing (None)."""
    if not desk.can("care"):
        customer = None  # who only looks sees nobody's words
    ask = asking.first_question(tx, draft.ask) if draft.ask else None
    try:
        brand = worn(desk.workspace, desk.house.base_url)
        return Look(preview(tx, draft, customer, ask=ask, brand=brand, now=desk.now))
    except RegularsError as error:
        return Look(None, say(error, desk.locale))
