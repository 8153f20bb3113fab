"""Tells alerts: by mail to those of the team who want it, and by a signed webhook.

Each telling is claimed for two minutes, carried out, and noted. Who dies in between leaves it to the next, so a webhook
comes at least once, under the same id; a mail might come twice, which is better than never.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from gettext import NullTranslations
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from babel import Locale

from regulars.access.workspaces import get_workspace
from regulars.measure import alert_records as records
from regulars.measure import webhooks
from regulars.measure.alert_records import Alert, Claimed
from regulars.measure.saying import say
from regulars.measure.voice import Voice
from regulars.outbound import Outbound
from regulars.store.database import Database, Tx
from regulars.words.errors import RegularsError, Unavailable, Unreached

LEASE = timedelta(minutes=2)
BACKOFF = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=8),
    timedelta(hours=16),
)
"""How long we wait after each attempt that came to nothing; after the last, it is given up."""
_AT_ONCE = 10
_TAKEN = range(200, 300)
_GONE = 410
_SUBJECT = 160
_NOTE = 200


@dataclass(frozen=True)
class Ways:
    """What carries alerts outside, and in which words."""

    tell: Callable[[str, str, str], bool]
    """Sends a mail: address, subject, text; returns whether it was taken."""
    outbound: Outbound
    base_url: str
    texts: Callable[[str], NullTranslations] = lambda _: NullTranslations()
    """The catalogue of a language."""


def tell_due(database: Database, workspace: str | None, ways: Ways, now: datetime, *, only: str | None = None) -> int:
    """Tell what is due in a workspace, or of the installation; of one alert, if named. Return how many were tried."""
    with _opened(database, workspace) as tx:
        claimed = records.claim_tellings(tx, now, now + LEASE, only=only, limit=_AT_ONCE)
    for one in claimed:
        problem, final = _tell(database, workspace, one, ways, now)
        with _opened(database, workspace) as tx:
            _note(tx, one, problem, now, final=final or only is not None)
    return len(claimed)


def _opened(database: Database, workspace: str | None) -> AbstractContextManager[Tx]:
    return database.workspace(workspace) if workspace else database.shared()


def _note(tx: Tx, one: Claimed, problem: str, now: datetime, *, final: bool) -> None:
    if not problem:
        records.settle_telling(tx, one, "told", "", due=None, told_at=now)
    elif final or one.attempts > len(BACKOFF):
        records.settle_telling(tx, one, "failed", problem[:_NOTE], due=None, told_at=None)
    else:
        due = now + BACKOFF[one.attempts - 1]
        records.settle_telling(tx, one, "waiting", problem[:_NOTE], due=due, told_at=None)


def _tell(database: Database, workspace: str | None, one: Claimed, ways: Ways, now: datetime) -> tuple[str, bool]:
    """Tell somebody; return what went wrong, if anything, and whether trying again is of no use."""
    try:
        if one.way == "mail":
            voice, title = _voice(database, workspace, ways)
            taken = ways.tell(one.target, *letter(one.alert, voice, title, _link(ways, workspace)))
            return ("" if taken else "The mail server did not take it, or there is none."), False
        return _post(database, workspace, one, ways, now)
    except Unavailable:
        raise
    except RegularsError as error:
        return str(error), not isinstance(error, Unreached)


def _post(database: Database, workspace: str | None, one: Claimed, ways: Ways, now: datetime) -> tuple[str, bool]:
    with database.workspace(one.target) as tx:
        hook = records.get_webhook(tx)
    if hook is None:
        return "There is no webhook any more.", True
    voice, _ = _voice(database, one.target, ways)
    body = msgspec.json.encode(payload(one.alert, voice, workspace, _link(ways, one.target)))
    answer = ways.outbound.post(hook.url, body, webhooks.signed(hook.secret, one.alert.id, now, body))
    if answer.status in _TAKEN:
        return "", True
    return f"It was answered with {answer.status}.", answer.status == _GONE


def _voice(database: Database, workspace: str | None, ways: Ways) -> tuple[Voice, str]:
    if workspace is None:
        return Voice(NullTranslations(), Locale("en"), ZoneInfo("UTC")), "Regulars"
    known = get_workspace(database, workspace)
    with database.workspace(workspace) as tx:
        locale = records.get_language(tx)
    return Voice(ways.texts(locale), Locale.parse(locale, sep="-"), ZoneInfo(known.zone)), known.title


def _link(ways: Ways, workspace: str | None) -> str:
    return f"{ways.base_url}/console/{workspace}/health" if workspace else f"{ways.base_url}/console"


def letter(alert: Alert, voice: Voice, title: str, link: str) -> tuple[str, str]:
    """Return an alert as a mail: subject and text."""
    if alert.change == "test":
        subject = voice.gettext("A test: alerts reach you")
        return (
            f"{title}: {subject}",
            f"{voice.gettext('This is how you will hear when something is wrong.')}\n\n{link}\n",
        )
    said = say(alert.finding, voice, alert.at)
    head = {
        "began": voice.gettext("Act now") if alert.severity == "act" else voice.gettext("Look at this"),
        "worsened": voice.gettext("It got worse, act now"),
        "ended": voice.gettext("It is over"),
    }[alert.change]
    over = [voice.gettext("This is over:"), said.what]
    parts = over if alert.change == "ended" else [said.what, said.means, said.do]
    return f"{title}: {head}: {said.what}"[:_SUBJECT], "\n\n".join([*parts, link]) + "\n"


def payload(alert: Alert, voice: Voice, workspace: str | None, link: str) -> dict[str, Any]:
    """Return an alert as a program gets it."""
    kind = "health.test" if alert.change == "test" else f"health.{alert.change}"
    data: dict[str, Any] = {"workspace": workspace, "severity": alert.severity, "url": link}
    if alert.change != "test":
        said = say(alert.finding, voice, alert.at)
        data |= {
            "finding": alert.name,
            "about": alert.about,
            "since": alert.began_at,
            "said": said.what,
            "means": said.means,
            "do": said.do,
            "detail": alert.detail,
        }
    return {"type": kind, "timestamp": alert.at, "data": data}
