"""What a finding is in words: what is wrong and since when, what it means for customers, and what to do."""

from collections.abc import Callable
from datetime import datetime, timedelta

import msgspec

from regulars.measure.called import disk_called, kind_called
from regulars.measure.findings import Finding
from regulars.measure.voice import Voice


class Said(msgspec.Struct, frozen=True):
    """A finding in words."""

    what: str
    means: str
    do: str


def say(finding: Finding, voice: Voice, now: datetime) -> Said:
    """Return a finding in words."""
    return _SENTENCES[finding.name](finding, voice, now)


def _silent(one: Finding, voice: Voice, now: datetime) -> Said:
    return Said(
        voice.gettext("Nobody has worked for this workspace since %(since)s.")
        % {"since": voice.clock(one.since or now, now)},
        voice.gettext(
            "Events are taken and safe, but nothing reacts to them and no message goes out. No alert, either."
        ),
        voice.gettext("Start 'regulars work', or see why it ended."),
    )


def _behind(one: Finding, voice: Voice, now: datetime) -> Said:
    n, left = one.detail["behind"], one.detail["left"]
    what = voice.ngettext(
        "'%(name)s' has one event still to take, which came at %(since)s.",
        "'%(name)s' has %(n)s events still to take, the first of which came at %(since)s.",
        n,
    ) % {"name": one.detail["follower"], "n": voice.number(n), "since": voice.clock(one.since or now, now)}
    if others := one.detail["others"]:
        what += " " + voice.ngettext("Another one waits, too.", "%(n)s others wait, too.", others) % {
            "n": voice.number(others)
        }
    pace = (
        voice.gettext("It is catching up, about %(left)s more.") % {"left": voice.span(timedelta(seconds=left))}
        if left is not None
        else voice.gettext("It is not catching up.")
    )
    return Said(
        f"{what} {pace}",
        voice.gettext(
            "What customers did since then is safe in the log, but not yet seen in segments, campaigns and pages."
        ),
        voice.gettext(
            "Usually nothing: it catches up by itself. If it does not, see whether 'regulars work' runs, and run one "
            "more (REGULARS_WORK_PROCESSES)."
        ),
    )


def _paused(one: Finding, voice: Voice, now: datetime) -> Said:
    n = one.detail["behind"]
    what = voice.gettext("'%(name)s' stands still by order: %(note)s") % {
        "name": one.about,
        "note": one.detail["note"],
    }
    if n and one.since:
        what += " " + voice.ngettext(
            "One event waits for it since %(since)s.", "%(n)s events wait for it, the first since %(since)s.", n
        ) % {"n": voice.number(n), "since": voice.clock(one.since, now)}
    harm = {
        "consent": voice.gettext("Whoever withdraws a permission meanwhile may still be written to."),
        "suppression": voice.gettext("Addresses from which mail comes back are written to again."),
        "identity": voice.gettext("New customers are not recognised, and all that follows waits."),
        "facts": voice.gettext("What customers say is not remembered yet."),
        "campaigns": voice.gettext("Nobody who enters a segment is written to."),
        "segments": voice.gettext("Nobody enters or leaves a segment."),
    }
    means = harm.get(one.about) or voice.gettext("What it keeps grows old.")
    return Said(what, means, voice.gettext("Resume it below, as soon as the reason is gone."))


def _quarantine(one: Finding, voice: Voice, now: datetime) -> Said:
    n = one.detail["count"]
    what = voice.ngettext(
        "'%(name)s' could not take one event, set aside at %(since)s.",
        "'%(name)s' could not take %(n)s events, the first set aside at %(since)s.",
        n,
    ) % {"name": one.about, "n": voice.number(n), "since": voice.clock(one.since or now, now)}
    return Said(
        what,
        voice.gettext("For these customers something is missing; for everybody else all goes on."),
        voice.gettext("Read the error below. When its cause is mended, run them again; what nobody needs, set aside."),
    )


def _refused(one: Finding, voice: Voice, _: datetime) -> Said:
    n = one.detail["count"]
    what = voice.ngettext(
        "One event was refused within the last day, because sixteen others in a row had caused it.",
        "%(n)s events were refused within the last day, because sixteen others in a row had caused each.",
        n,
    ) % {"n": voice.number(n)}
    what += " " + voice.gettext("The last was %(kind)s.") % {"kind": f"'{one.detail['kind']}'"}
    return Said(
        what,
        voice.gettext("Something sets itself off in a circle; customers may have got more than was meant for them."),
        voice.gettext("Look for a segment and a campaign, or forms, that set each other off, and stop one."),
    )


def _low(one: Finding, voice: Voice, now: datetime) -> Said:
    since = one.since or now
    values = {
        "figure": kind_called(one.about, voice.gettext),
        "at": voice.clock(since, now),
        "day": voice.weekday(since),
        "usual": voice.number(one.detail["usual"]),
        "seen": voice.number(one.detail["seen"]),
    }
    if one.detail["shape"] == "stopped":
        what = voice.gettext(
            "%(figure)s stopped at %(at)s. On a %(day)s at this time there are usually about %(usual)s an hour."
        )
    else:
        what = voice.gettext(
            "%(figure)s fell at about %(at)s: %(seen)s an hour. "
            "On a %(day)s at this time there are usually about %(usual)s."
        )
    return Said(
        what % values,
        voice.gettext("Either customers really do less, or something between them and us is broken."),
        voice.gettext(
            "Try it yourself as a customer would. Then look at what sends these events: its errors, its key, what "
            "was changed last."
        ),
    )


def _high(one: Finding, voice: Voice, now: datetime) -> Said:
    since = one.since or now
    what = voice.gettext(
        "%(figure)s rose at about %(at)s: %(seen)s an hour. "
        "On a %(day)s at this time there are usually about %(usual)s."
    ) % {
        "figure": kind_called(one.about, voice.gettext),
        "at": voice.clock(since, now),
        "day": voice.weekday(since),
        "usual": voice.number(one.detail["usual"]),
        "seen": voice.number(one.detail["seen"]),
    }
    return Said(
        what,
        voice.gettext("Good news, if you expected it. Else a program may be sending the same again and again."),
        voice.gettext("Look at some of these events: are they of many customers, and each of its own?"),
    )


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


_SENTENCES: dict[str, Callable[[Finding, Voice, datetime], Said]] = {
    "work.silent": _silent,
    "followers.behind": _behind,
    "followers.paused": _paused,
    "quarantine": _quarantine,
    "refused": _refused,
    "figure.low": _low,
    "figure.high": _high,
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
