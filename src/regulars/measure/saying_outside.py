"""The sentences of what is wrong with mail, and with the installation."""

from collections.abc import Callable
from datetime import datetime

from regulars.measure.called import disk_called
from regulars.measure.findings import Finding
from regulars.measure.said import Said
from regulars.measure.voice import Voice


def _failing(one: Finding, voice: Voice, now: datetime) -> Said:
    n = one.detail["count"]
    what = voice.ngettext(
        "No mail gets through since %(since)s; one message was tried in vain.",
        "No mail gets through since %(since)s; %(n)s messages were tried in vain.",
        n,
    ) % {"n": voice.number(n), "since": voice.clock(one.since or now, now)}
    if one.detail["reason"]:
        what += " " + voice.gettext("The mail server said: %(reason)s") % {"reason": one.detail["reason"]}
    return Said(
        what,
        voice.gettext("Customers get nothing from us. After five attempts within three hours a message is given up."),
        voice.gettext("Ask 'regulars doctor' whether the mail server takes us, and look at REGULARS_SMTP_URL."),
    )


def _queue(one: Finding, voice: Voice, now: datetime) -> Said:
    n = one.detail["count"]
    what = voice.ngettext(
        "One message should have gone out at %(since)s and was not even tried.",
        "%(n)s messages should have gone out, the first at %(since)s, and were not even tried.",
        n,
    ) % {"n": voice.number(n), "since": voice.clock(one.since or now, now)}
    return Said(
        what,
        voice.gettext("What we say to customers comes late. None of it is lost, and none is sent twice."),
        voice.gettext("See whether 'regulars work' runs, and whether the workspace's way to send is set up."),
    )


def _shared(one: Finding, voice: Voice) -> dict[str, str]:
    return {
        "n": voice.number(one.detail["count"]),
        "of": voice.number(one.detail["of"]),
        "share": voice.percent(one.detail["share"]),
        "usual": voice.percent(one.detail["usual"]),
    }


def _bounces(one: Finding, voice: Voice, _: datetime) -> Said:
    what = voice.gettext("%(n)s of the last %(of)s messages came back (%(share)s); usually it is %(usual)s.") % _shared(
        one, voice
    )
    return Said(
        what,
        voice.gettext("Those customers were not reached, and mail servers may soon refuse the rest of our mail, too."),
        voice.gettext("Stop the campaign, read why they came back, and look at where these addresses are from."),
    )


def _not_sent(one: Finding, voice: Voice, _: datetime) -> Said:
    what = voice.gettext(
        "%(n)s of the last %(of)s messages were not sent by our own rules (%(share)s); usually it is %(usual)s."
    ) % _shared(one, voice)
    return Said(
        what,
        voice.gettext("These customers had not allowed it, or have no address that may be written to."),
        voice.gettext("Read the reasons at the campaign. Often its segment does not ask who may be written to."),
    )


def _uncertain(one: Finding, voice: Voice, now: datetime) -> Said:
    n = one.detail["count"]
    what = voice.ngettext(
        "Of one message of the last day nobody can say whether it arrived; it was at %(since)s.",
        "Of %(n)s messages of the last day nobody can say whether they arrived; the last was at %(since)s.",
        n,
    ) % {"n": voice.number(n), "since": voice.clock(one.since or now, now)}
    return Said(
        what,
        voice.gettext(
            "The connection broke while they were handed over. They are not sent again: better none than two."
        ),
        voice.gettext("Nothing for a few. If there are more every day, look at the way to the mail server."),
    )


def _disk(one: Finding, voice: Voice, _: datetime) -> Said:
    what = voice.gettext("%(disk)s has %(free)s left.") % {
        "disk": disk_called(one.about, voice.gettext),
        "free": voice.size(one.detail["free"]),
    }
    if one.detail["full_at"]:
        full = datetime.fromisoformat(one.detail["full_at"])
        what += " " + voice.gettext("It fills by %(daily)s a day, and is full on %(day)s.") % {
            "daily": voice.size(one.detail["daily"]),
            "day": voice.day(full),
        }
    return Said(
        what,
        voice.gettext("When it is full everything stops: no event is taken, no page answers, no mail goes out."),
        voice.gettext("Make room, or give it a larger disk. Backups belong on another one."),
    )


def _connections(one: Finding, voice: Voice, _: datetime) -> Said:
    values = {"used": voice.number(one.detail["used"]), "most": voice.number(one.detail["most"])}
    return Said(
        voice.gettext("%(used)s of the database's %(most)s connections are in use.") % values,
        voice.gettext("When there are none left, pages and events have to wait or are sent away."),
        voice.gettext("Raise max_connections of PostgreSQL, run fewer processes, or see who else uses it."),
    )


def _transaction(one: Finding, voice: Voice, now: datetime) -> Said:
    values = {"who": one.detail["who"] or "?", "since": voice.clock(one.since or now, now)}
    return Said(
        voice.gettext("A transaction of '%(who)s' is open since %(since)s.") % values,
        voice.gettext("Nothing yet. But while it is open the database cannot clean up, and grows slower and larger."),
        voice.gettext("Look for a program or a psql that was left open, and end it."),
    )


def _backup(one: Finding, voice: Voice, now: datetime) -> Said:
    age = now - (one.since or now)
    return Said(
        voice.gettext("The last backup is of %(since)s, %(age)s ago.")
        % {"since": voice.clock(one.since or now, now), "age": voice.span(age)},
        voice.gettext("If this machine is lost, what customers said since then is lost with it."),
        voice.gettext("See why 'regulars backup' did not run, and run it now."),
    )


SENTENCES: dict[str, Callable[[Finding, Voice, datetime], Said]] = {
    "mail.failing": _failing,
    "mail.queue": _queue,
    "mail.bounces": _bounces,
    "mail.refused": _not_sent,
    "mail.uncertain": _uncertain,
    "disk.full": _disk,
    "database.connections": _connections,
    "database.transaction": _transaction,
    "backup.old": _backup,
}
"""How each of them is said."""
