"""Until when a campaign's offer is good, by the workspace's clock, and whom it leaves out to compare: its fields."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from regulars.speak.campaigns import Campaign
from regulars.web.numbers import number_in
from regulars.words.errors import Invalid, concerning

START = {"ends_at": "", "held_out": ""}
_NO_NUMBER = -1
"""What is no number is as wrong as one that is too small."""


def labels(gettext: Callable[[str], str]) -> dict[str, str]:
    """Return what the fields are called."""
    return {"ends_at": gettext("The offer ends"), "held_out": gettext("Held out to compare, in percent")}


def fields_of(campaign: Campaign, zone: str) -> dict[str, str]:
    """Return the fields of the form."""
    ends = campaign.ends_at
    until = ends.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%dT%H:%M") if ends else ""
    return {"ends_at": until, "held_out": str(campaign.held_out or "")}


def share_in(form: Mapping[str, str]) -> int:
    """Return the share that is held out; -1 for what is no number."""
    typed = form.get("held_out", "").strip()
    if not typed:
        return 0
    return _NO_NUMBER if (read := number_in(typed)) is None else read


def read(form: Mapping[str, str], zone: str) -> dict[str, Any]:
    """Return what the fields say; raise Invalid for what is no moment. What was sent without a field says nothing."""
    said: dict[str, Any] = {"held_out": share_in(form)} if "held_out" in form else {}
    return said | ({"ends_at": _moment(form["ends_at"].strip(), zone)} if "ends_at" in form else {})


def _moment(typed: str, zone: str) -> datetime | None:
    try:
        return datetime.fromisoformat(typed).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC) if typed else None
    except (ValueError, OverflowError):
        with concerning("ends_at"):
            raise Invalid("'{moment}' is no moment. Write it as 2026-05-31T18:00.", moment=typed[:40]) from None
