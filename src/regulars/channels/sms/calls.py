"""What a gateway tells when it calls us: what came of a message, and what customers answer."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from regulars.channels.sms import records
from regulars.channels.sms.reading import at, fields_of
from regulars.engage.replies import Heard, Reply
from regulars.engage.returns import Return
from regulars.speak.channel import Call
from regulars.store.database import Tx

KEPT = timedelta(days=45)
_LARGEST_ID = 2**63 - 1


def hear(tx: Tx, values: Mapping[str, str], call: Call, now: datetime) -> Heard:
    """Return what one call of the gateway tells; nothing, where it is about nothing that we asked to be told."""
    said = fields_of(call.query, call.content_type, call.body)
    records.forget_sent(tx, now - KEPT)
    return Heard(tuple(_reports(tx, values, said)), tuple(_replies(values, said)))


def _reports(tx: Tx, values: Mapping[str, str], said: Any) -> list[Return]:
    known_as, status = _field(values, "report_id", said), _field(values, "report_status", said)
    failed = {word.strip().casefold() for word in values.get("report_failed", "").split(",")}
    if not known_as or status.casefold() not in failed - {""}:
        return []
    number = records.sent_as(tx, known_as) if values.get("id_at") else _own(known_as)
    if number is None:
        return []
    return [Return("soft", f"sms {known_as} {status}", number, reason=f"The gateway says: {status}")]


def _replies(values: Mapping[str, str], said: Any) -> list[Reply]:
    sender, text = _field(values, "reply_from", said), _field(values, "reply_text", said)
    if not sender or not text:
        return []
    number = sender if sender.startswith(("+", "00")) else f"+{sender}"
    key = _field(values, "reply_id", said)
    return [Reply("sms", number, text, f"sms reply {key}" if key else "")]


def _field(values: Mapping[str, str], name: str, said: Any) -> str:
    way = values.get(name, "")
    return at(said, way).strip() if way else ""


def _own(known_as: str) -> int | None:
    return int(known_as) if known_as.isdecimal() and 0 < int(known_as[:20]) <= _LARGEST_ID else None
