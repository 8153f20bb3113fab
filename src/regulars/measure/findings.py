"""What can be wrong. A finding is a value: its name, how bad it is, since when, and the figures its sentence needs."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal

import msgspec

Severity = Literal["look", "act"]

NAMES = (
    "work.silent",
    "followers.behind",
    "followers.paused",
    "quarantine",
    "rounds.failing",
    "refused",
    "figure.low",
    "figure.high",
    "mail.failing",
    "mail.queue",
    "mail.bounces",
    "mail.refused",
    "mail.uncertain",
    "disk.full",
    "database.connections",
    "database.transaction",
    "backup.old",
)
"""Every finding there is. Each has its sentences in `saying.py` and its paragraph in docs/health.md."""


class Finding(msgspec.Struct, frozen=True):
    """Something that is wrong, or about to be."""

    name: str
    severity: Severity
    since: datetime | None = None
    about: str = ""
    """Which of several: a follower, a kind of event, a disk."""
    detail: dict[str, Any] = {}


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings as they are read: what wants to be done now first."""
    return sorted(findings, key=lambda one: (one.severity != "act", NAMES.index(one.name), one.about))
