"""The links with which one walks the story: answer the quiz, read the mail, look at the customer."""

import msgspec

from regulars.access.links import Link, Links
from regulars.testing.shop.set_up import Shop


class Walk(msgspec.Struct, frozen=True):
    """Where the story goes, in order."""

    quiz: str
    """The quiz as the regular gets it: we know who they are, and their answers can be quoted."""
    public_quiz: str
    """The quiz as anybody finds it."""
    mailbox: str
    """The sandbox's mailbox: every mail of the demo ends here."""
    customer: str
    """The regular in the console."""
    home: str
    """What customers said today, in the console."""


def walk(shop: Shop, links: Links, base_url: str) -> Walk:
    """Return the links of the story."""
    quiz = f"{base_url}/f/{shop.form}"
    token = links.sign(Link(shop.workspace, shop.regular_address, form=shop.form))
    console = f"{base_url}/console/{shop.workspace}"
    return Walk(
        quiz=f"{quiz}?m={token}",
        public_quiz=quiz,
        mailbox=f"{console}/mailbox",
        customer=f"{console}/customers/{shop.regular_customer}",
        home=console,
    )
