"""What people read for words of ours: what may be written about, what a fact is called, what a follower does."""

import re
from collections.abc import Callable

Gettext = Callable[[str], str]


def permission(purpose: str, channel: str, gettext: Gettext) -> str:
    """Return what somebody allows who allows this: the words beside the box they tick."""
    purposes = {
        "marketing": gettext("Ideas, news and offers"),
        "service": gettext("News about my orders"),
        "research": gettext("Questions about what I think"),
    }
    channels = {"email": gettext("by e-mail"), "sms": gettext("by SMS"), "phone": gettext("by phone")}
    return f"{purposes.get(purpose) or _plain(purpose)} {channels.get(channel) or _plain(channel)}"


def fact_called(name: str, gettext: Gettext) -> str:
    """Return what people call a fact of which we have the name alone, such as a trait that a shop sent."""
    known = {
        "name": gettext("Full name"),
        "first_name": gettext("First name"),
        "last_name": gettext("Last name"),
        "email": gettext("E-mail address"),
        "phone": gettext("Phone number"),
        "birthday": gettext("Birthday"),
        "country": gettext("Country"),
        "address.country": gettext("Country"),
        "city": gettext("City"),
        "address.city": gettext("City"),
        "company": gettext("Company"),
    }
    last = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
    return known.get(last) or _plain(name.rpartition(".")[2])


def follower_does(name: str, gettext: Gettext) -> str:
    """Return what a follower does, for whoever decides whether to pause it; nothing for one we do not know."""
    return {
        "identity": gettext("Knows which browsers, addresses and customer numbers are the same person."),
        "facts": gettext("Remembers what customers said, and in which words."),
        "consent": gettext("Remembers what customers allowed and withdrew, and who wants a pause."),
        "rollups": gettext("Counts what customers do, day by day, for segments that ask how often or how much."),
        "segments": gettext("Puts customers into segments, and takes them out, as they say and do things."),
        "suppression": gettext("Notes addresses that mail comes back from, so that nothing more is sent there."),
        "campaigns": gettext("Writes to whoever enters the segment of a live campaign."),
        "statements": gettext("Notes which message showed a customer that we remembered, for home's figures."),
        "hours": gettext("Counts by the hour what is taken, to see what falls or rises suddenly."),
        "archive": gettext("Keeps a copy of everything that happens as files, in the archive folder."),
    }.get(name, "")


def _plain(name: str) -> str:
    """Return a name as words: shoe_size and shoeSize are Shoe size."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).replace("_", " ").strip()
    return words[:1].upper() + words[1:]
