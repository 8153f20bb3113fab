"""What people call kinds of event, followers of the log, what runs on schedule, and disks."""

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
        "message.opened": gettext("Messages opened"),
        "message.clicked": gettext("Links of messages followed"),
        "message.scanned": gettext("Messages looked at by machines"),
        "message.complained": gettext("Messages called spam"),
        "message.replied": gettext("Answers to messages"),
        "consent.changed": gettext("Consents given or withdrawn"),
        "pause.changed": gettext("Pauses begun or ended"),
        "frequency.changed": gettext("Choices of how often"),
        "restriction.changed": gettext("Restrictions begun or lifted"),
        "identify": gettext("Customers who made themselves known"),
        "page": gettext("Page views"),
        "screen": gettext("Screens looked at"),
        "fact.stated": gettext("Facts noted by the team"),
        "fact.forgotten": gettext("Facts forgotten"),
        "customer.merged": gettext("Customers merged"),
        "customer.joined": gettext("Customers joined by the team"),
        "customer.split": gettext("Customers taken apart again"),
        "customer.apart": gettext("Customers said to be different"),
        "identity.rules": gettext("Changes of when records are joined"),
        "segment.entered": gettext("Segments entered"),
        "segment.left": gettext("Segments left"),
        "list.changed": gettext("Customers put on lists or taken off"),
    }
    return known.get(kind) or f"'{kind}'"


def follower_called(name: str, gettext: Callable[[str], str]) -> str:
    """Return what people call a follower of the log; its own name where we know none."""
    return {
        "identity": gettext("Who is who"),
        "facts": gettext("What they said"),
        "consent": gettext("What they allow"),
        "orders": gettext("Orders"),
        "did": gettext("What they did"),
        "rollups": gettext("Counts by the day"),
        "segments": gettext("Segments"),
        "suppression": gettext("Addresses not to write to"),
        "campaigns": gettext("Campaigns"),
        "frequency": gettext("What waits for rarer messages"),
        "statements": gettext("Statements answered"),
        "reactions": gettext("What came of campaigns"),
        "hours": gettext("Counts by the hour"),
        "archive": gettext("Copies in the archive"),
    }.get(name, name)


def round_called(name: str, gettext: Callable[[str], str]) -> str:
    """Return what people call something that runs on schedule; its own name where we know none."""
    return {
        "windows": gettext("Segments, as time moves their members"),
        "touches": gettext("Who opened messages and followed links"),
        "broadcasts": gettext("Campaigns that go at a time"),
        "rejected": gettext("Letting go of events that were not taken"),
        "duplicates": gettext("Duplicates"),
        "figures": gettext("Figures against their usual week"),
        "together": gettext("Bought together"),
        "buyers": gettext("Best customers"),
        "ranking": gettext("Best customers"),
        "stages": gettext("Purchase stages"),
        "reckoning": gettext("Coming back, and funnels"),
        "groups": gettext("Groups of customers"),
    }.get(name, name)


def disk_called(place: str, gettext: Callable[[str], str]) -> str:
    """Return which disk is meant."""
    return gettext("The disk of the data folder") if place == "data" else gettext("The disk of the database")
