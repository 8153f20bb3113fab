"""What people call kinds of event and disks."""

from collections.abc import Callable


def kind_called(kind: str, gettext: Callable[[str], str]) -> str:
    """Return what people call a kind of event; its own name in quotation marks where we know none."""
    known = {
        "Order Completed": gettext("Orders"),
        "form.answered": gettext("Answers to forms"),
        "message.sent": gettext("Messages sent"),
        "message.bounced": gettext("Messages that came back"),
        "message.refused": gettext("Messages not sent"),
        "message.uncertain": gettext("Uncertain messages"),
        "consent.changed": gettext("Consents given or withdrawn"),
        "pause.changed": gettext("Pauses begun or ended"),
        "restriction.changed": gettext("Restrictions begun or lifted"),
        "identify": gettext("Customers who made themselves known"),
        "page": gettext("Page views"),
    }
    return known.get(kind) or f"'{kind}'"


def disk_called(place: str, gettext: Callable[[str], str]) -> str:
    """Return which disk is meant."""
    return gettext("The disk of the data folder") if place == "data" else gettext("The disk of the database")
