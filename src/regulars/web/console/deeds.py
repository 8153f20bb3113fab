"""The audit log in words: what somebody did, as one says it, and who that was."""

from collections.abc import Callable
from functools import lru_cache

from markupsafe import Markup

from regulars.access.audit import Entry
from regulars.web.i18n import translator

Gettext = Callable[[str], str]


@lru_cache(maxsize=64)
def sentences(locale: str) -> dict[str, str]:
    """Return the sentence of every action that the house notes, in a reader's language."""
    gettext = translator(locale).gettext
    return _of_customers(gettext) | _of_what_is_made(gettext) | _of_the_team(gettext) | _of_the_house(gettext)


def _of_customers(gettext: Gettext) -> dict[str, str]:
    return {
        "home.seen": gettext("%(who)s read on the first page what customers said"),
        "customers.listed": gettext("%(who)s looked at the list of customers"),
        "customers.searched": gettext("%(who)s searched the customers"),
        "customers.taken": gettext("%(who)s took customers along as a file"),
        "writing.stop.asked": gettext("%(who)s asked to stop writing to several customers"),
        "writing.stopped": gettext("%(who)s stopped writing to several customers"),
        "customer.seen": gettext("%(who)s saw %(what)s"),
        "orders.listed": gettext("%(who)s looked at orders"),
        "order.seen": gettext("%(who)s looked at the order %(what)s"),
        "message.seen": gettext("%(who)s read a message to %(what)s"),
        "mail.deleted": gettext("%(who)s deleted mail in the sandbox mailbox"),
        "change.undone": gettext("%(who)s took back what they had just done: %(what)s"),
        "mail.listed": gettext("%(who)s looked at the sandbox mailbox"),
        "events.read": gettext("%(who)s read events"),
        "arrivals.seen": gettext("%(who)s looked at what machines send"),
        "event.seen": gettext("%(who)s looked at an event: %(what)s"),
        "consent.recorded": gettext("%(who)s recorded what %(what)s allows"),
        "channel.changed": gettext("%(who)s changed how messages leave: %(what)s"),
        "channel.tested": gettext("%(who)s sent a test: %(what)s"),
        "channel.removed": gettext("%(who)s let it be forgotten how messages leave: %(what)s"),
        "pause.changed": gettext("%(who)s changed the pause from messages of %(what)s"),
        "frequency.changed": gettext("%(who)s changed how often %(what)s is written to"),
        "restriction.changed": gettext("%(who)s changed whether what is known of %(what)s is used"),
        "fact.corrected": gettext("%(who)s put right what is remembered of %(what)s"),
        "fact.forgotten": gettext("%(who)s let something that is remembered of %(what)s be forgotten"),
        "duplicates.seen": gettext("%(who)s looked at customers who may be the same person"),
        "duplicates.decided": gettext("%(who)s decided about customers who may be the same person"),
        "identity.rules.changed": gettext("%(who)s changed when records are joined"),
        "customer.taken": gettext("%(who)s took everything of %(what)s along"),
        "customer.erasing.asked": gettext("%(who)s asked for %(what)s to be forgotten"),
        "customer.erased": gettext("%(who)s erased %(what)s"),
        "customer.anonymised": gettext("%(who)s made %(what)s anonymous"),
        "customer.split": gettext("%(who)s undid a merge of %(what)s"),
        "customer.joined": gettext("%(who)s joined %(what)s with another record"),
        "customer.apart": gettext("%(who)s said that %(what)s is not another customer"),
        "export.taken": gettext("%(who)s took data along: %(what)s"),
    }


def _of_what_is_made(gettext: Gettext) -> dict[str, str]:
    return {
        "segment.seen": gettext("%(who)s looked at who is in the segment %(what)s"),
        "segment.made": gettext("%(who)s made the segment %(what)s"),
        "segment.changed": gettext("%(who)s changed the segment %(what)s"),
        "segment.taken.back": gettext("%(who)s took the segment %(what)s back"),
        "segment.deleted": gettext("%(who)s deleted the segment %(what)s"),
        "list.changed": gettext("%(who)s changed who is on a list: %(what)s"),
        "funnel.made": gettext("%(who)s made the funnel %(what)s"),
        "funnel.changed": gettext("%(who)s changed the funnel %(what)s"),
        "funnel.deleted": gettext("%(who)s deleted the funnel %(what)s"),
        "funnel.taken.back": gettext("%(who)s took the funnel %(what)s back"),
        "groups.asked": gettext("%(who)s had groups of customers found"),
        "group.called": gettext("%(who)s called the group %(what)s something else"),
        "catalogue.changed": gettext("%(who)s changed what is said of the fact %(what)s"),
        "rule.tried": gettext("%(who)s tried a rule"),
        "campaign.people.seen": gettext("%(who)s looked at whom the campaign %(what)s wrote to"),
        "campaign.tried": gettext("%(who)s looked at how the campaign %(what)s would read, with what customers said"),
        "campaign.changed": gettext("%(who)s changed the campaign %(what)s"),
        "campaign.made": gettext("%(who)s made the campaign %(what)s"),
        "campaign.launched": gettext("%(who)s launched the campaign %(what)s"),
        "campaign.stopped": gettext("%(who)s stopped the campaign %(what)s"),
        "campaign.paused": gettext("%(who)s paused the campaign %(what)s"),
        "campaign.resumed": gettext("%(who)s let the campaign %(what)s go on"),
        "campaign.cancelled": gettext("%(who)s cancelled the campaign %(what)s for ever"),
        "form.seen": gettext("%(who)s looked at the answers to the form %(what)s"),
        "form.made": gettext("%(who)s made the form %(what)s"),
        "form.saved": gettext("%(who)s changed what the form %(what)s asks"),
        "form.closed": gettext("%(who)s closed the form %(what)s"),
        "form.reopened": gettext("%(who)s opened the form %(what)s again"),
        "template.seen": gettext("%(who)s looked at the template %(what)s, with what customers said"),
        "template.tried": gettext("%(who)s tried the template %(what)s, with what customers said"),
        "template.saved": gettext("%(who)s saved the template %(what)s"),
        "template.archived": gettext("%(who)s archived the template %(what)s"),
        "template.back": gettext("%(who)s brought the template %(what)s back"),
    }


def _of_the_team(gettext: Gettext) -> dict[str, str]:
    return {
        "login": gettext("%(who)s logged in"),
        "logout": gettext("%(who)s logged out"),
        "login.failed": gettext("Somebody gave a wrong password for %(what)s"),
        "login.held": gettext("Somebody tried passwords for %(what)s too often, and has to wait"),
        "refused": gettext("%(who)s tried what they may not do: %(what)s"),
        "account.renamed": gettext("%(who)s changed the name on their account"),
        "session.ended": gettext("%(who)s ended one of their sessions"),
        "sessions.ended": gettext("%(who)s ended their other sessions"),
        "password.set": gettext("%(who)s set a password"),
        "password.removed": gettext("%(who)s removed their password"),
        "passkey.added": gettext("%(who)s added a passkey"),
        "passkey.removed": gettext("%(who)s removed a passkey"),
        "login.link.made": gettext("%(who)s made a log-in link for %(what)s"),
        "person.added": gettext("%(who)s added %(what)s to the team"),
        "person.invited": gettext("%(who)s invited %(what)s to the team"),
        "invitation.cancelled": gettext("%(who)s took back the invitation of %(what)s"),
        "role.changed": gettext("%(who)s gave %(what)s another role"),
        "person.removed": gettext("%(who)s removed %(what)s from the team"),
        "key.made": gettext("%(who)s made the key %(what)s"),
        "key.revoked": gettext("%(who)s revoked the key %(what)s"),
    }


def _of_the_house(gettext: Gettext) -> dict[str, str]:
    return {
        "workspace.made": gettext("%(who)s made this workspace"),
        "workspace.changed": gettext("%(who)s changed the settings of this workspace"),
        "workspace.logo.changed": gettext("%(who)s changed the logo"),
        "workspace.mail.tested": gettext("%(who)s tested the mail server"),
        "returned.mail.changed": gettext("%(who)s changed how we hear of mail that comes back"),
        "dkim.key.made": gettext("%(who)s made a key that signs mail of %(what)s"),
        "dkim.key.checked": gettext("%(who)s asked DNS for the key that signs mail of %(what)s"),
        "dkim.key.dropped": gettext("%(who)s dropped the key that signs mail of %(what)s"),
        "suppressions.listed": gettext("%(who)s looked at the addresses that nothing is sent to"),
        "suppression.lifted": gettext("%(who)s let mail go to %(what)s again"),
        "contact.policy.changed": gettext("%(who)s changed the contact policy"),
        "counting.changed": gettext("%(who)s changed of whom it is counted whether they open mails and follow links"),
        "retention.changed": gettext("%(who)s changed how long events are kept"),
        "workspace.deleted": gettext("%(who)s deleted this workspace"),
        "workspace.taken.back": gettext("%(who)s took this workspace back"),
        "workspace.export.asked": gettext("%(who)s had everything of this workspace written into a file"),
        "workspace.export.taken": gettext("%(who)s took everything of this workspace along"),
        "import.announced": gettext("%(who)s asked for a link to bring the file %(what)s"),
        "import.brought": gettext("%(who)s brought the file %(what)s"),
        "import.seen": gettext("%(who)s looked at the import %(what)s"),
        "import.asked": gettext("%(who)s had the import %(what)s read, tried or taken in"),
        "import.cancelled": gettext("%(who)s cancelled the import %(what)s"),
        "import.rejected.taken": gettext("%(who)s took the rows along that import %(what)s did not take"),
        "import.made": gettext("%(who)s imported the file %(what)s"),
        "mapping.kept": gettext("%(who)s kept the mapping %(what)s"),
        "mapping.deleted": gettext("%(who)s deleted the mapping %(what)s"),
        "mirror.rebuilt": gettext("%(who)s had the Parquet files written anew"),
        "mirror.compared": gettext("%(who)s had the Parquet files compared with the events"),
        "mirror.dropped": gettext("%(who)s removed the Parquet files"),
        "backup.taken": gettext("%(who)s took a backup of the house"),
        "house.restored": gettext("%(who)s restored the house from a backup"),
        "follower.paused": gettext("%(who)s paused the follower %(what)s"),
        "follower.resumed": gettext("%(who)s let the follower %(what)s go on"),
        "follower.replayed": gettext("%(who)s let the follower %(what)s start over"),
        "event.taken.again": gettext("%(who)s let the follower %(what)s take an event once more"),
        "event.set.aside": gettext("%(who)s gave up events that the follower %(what)s could not take"),
        "figure.watched": gettext("%(who)s wants to hear of the figure %(what)s again"),
        "figure.left": gettext("%(who)s wants to hear no more of the figure %(what)s"),
        "alerts.changed": gettext("%(who)s changed who is told when something is wrong"),
        "alerts.secret.renewed": gettext("%(who)s made a new secret for the webhook of alerts"),
        "alerts.tested": gettext("%(who)s sent a test alert"),
        "audit.seen": gettext("%(who)s looked at the audit log"),
        "audit.taken": gettext("%(who)s took the audit log along"),
        "audit.swept": gettext("%(who)s let go of what was too old in the audit log"),
    }


def sentence(entry: Entry, who: str | Markup, what: str | Markup, locale: str) -> Markup:
    """Return an entry in words, with whom and what it is about put in their places."""
    said = sentences(locale).get(entry.action)
    if said is None:
        said = translator(locale).gettext("%(who)s: %(action)s, %(what)s")
    return Markup(said) % {"who": who, "what": what or "…", "action": entry.action}  # noqa: S704 (what is put in is escaped)


def who_called(entry: Entry, gettext: Gettext) -> str:
    """Return how one speaks of whoever did it."""
    return called(entry.who_kind, entry.who_name or entry.who, gettext)


def called(kind: str, name: str, gettext: Gettext) -> str:
    """Return how one speaks of a person, a key, the command line or the house."""
    if kind == "key":
        return gettext("The key “%(name)s”") % {"name": name}
    return {"command": gettext("Somebody at the command line"), "house": gettext("The house itself")}.get(kind, name)


def choices(locale: str) -> list[tuple[str, str]]:
    """Return every action with its sentence about somebody, for whoever looks for one."""
    gettext = translator(locale).gettext
    blanks = {"who": gettext("Somebody"), "what": "…"}
    return [("", gettext("anything")), *((action, said % blanks) for action, said in sentences(locale).items())]
