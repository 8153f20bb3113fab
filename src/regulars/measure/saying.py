"""What a finding is in words: what is wrong and since when, what it means for customers, and what to do."""

from collections.abc import Callable
from datetime import datetime, timedelta

from regulars.measure.called import follower_called, kind_called, round_called
from regulars.measure.findings import Finding
from regulars.measure.said import Said
from regulars.measure.saying_outside import SENTENCES as OUTSIDE
from regulars.measure.voice import Voice


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
        "“%(name)s” has one event still to take, which came at %(since)s.",
        "“%(name)s” has %(n)s events still to take, the first of which came at %(since)s.",
        n,
    ) % {
        "name": follower_called(one.detail["follower"], voice.gettext),
        "n": voice.number(n),
        "since": voice.clock(one.since or now, now),
    }
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
    what = voice.gettext("“%(name)s” stands still by order: %(note)s") % {
        "name": follower_called(one.about, voice.gettext),
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
        "“%(name)s” could not take one event, set aside at %(since)s.",
        "“%(name)s” could not take %(n)s events, the first set aside at %(since)s.",
        n,
    ) % {
        "name": follower_called(one.about, voice.gettext),
        "n": voice.number(n),
        "since": voice.clock(one.since or now, now),
    }
    return Said(
        what,
        voice.gettext("For these customers something is missing; for everybody else all goes on."),
        voice.gettext("Read the error. When its cause is mended, run them again; what nobody needs, give up."),
    )


def _failing(one: Finding, voice: Voice, now: datetime) -> Said:
    what = voice.gettext("“%(name)s” runs on schedule, and has failed since %(since)s (%(error)s).") % {
        "name": round_called(one.about, voice.gettext),
        "since": voice.clock(one.since or now, now),
        "error": one.detail["error"],
    }
    return Said(
        what,
        voice.gettext("What it works out stays as it was. Everything else goes on."),
        voice.gettext(
            "It is tried again by itself. If it goes on failing, 'regulars work' says in its messages where."
        ),
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


_SENTENCES: dict[str, Callable[[Finding, Voice, datetime], Said]] = {
    "work.silent": _silent,
    "followers.behind": _behind,
    "followers.paused": _paused,
    "quarantine": _quarantine,
    "rounds.failing": _failing,
    "refused": _refused,
    "figure.low": _low,
    "figure.high": _high,
} | OUTSIDE
