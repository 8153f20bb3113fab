"""When a campaign goes, until when its offer is good, and whom it leaves out to compare: its fields."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from regulars.speak.campaigns import ENTERING, Campaign
from regulars.web.numbers import number_in
from regulars.words.errors import Invalid, concerning

START = {"ends_at": "", "held_out": "", "whom": ENTERING, "goes_at": "", "clock": "home"}
LATER = frozenset({"ends_at"})
"""What may change after the launch, too."""
_NO_NUMBER = -1
"""What is no number is as wrong as one that is too small."""


def labels(gettext: Callable[[str], str]) -> dict[str, str]:
    """Return what the fields are called."""
    return {
        "whom": gettext("Who gets it"),
        "goes_at": gettext("It goes at"),
        "clock": gettext("By whose clock"),
        "ends_at": gettext("The offer ends"),
        "held_out": gettext("Held out to compare, in percent"),
    }


def fields_of(campaign: Campaign, zone: str) -> dict[str, str]:
    """Return the fields of the form."""
    return {
        "whom": campaign.whom,
        "goes_at": _shown(campaign.goes_at, zone),
        "clock": "own" if campaign.by_clock else "home",
        "ends_at": _shown(campaign.ends_at, zone),
        "held_out": str(campaign.held_out or ""),
    }


def _shown(moment: datetime | None, zone: str) -> str:
    return moment.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%dT%H:%M") if moment else ""


def share_in(form: Mapping[str, str]) -> int:
    """Return the share that is held out; -1 for what is no number."""
    typed = form.get("held_out", "").strip()
    if not typed:
        return 0
    return _NO_NUMBER if (read := number_in(typed)) is None else read


def read(form: Mapping[str, str], zone: str) -> dict[str, Any]:
    """Return what the fields say; raise Invalid for what is no moment. What was sent without a field says nothing."""
    said: dict[str, Any] = {"held_out": share_in(form)} if "held_out" in form else {}
    said |= {"whom": form["whom"]} if "whom" in form else {}
    said |= {"by_clock": form["clock"] == "own"} if "clock" in form else {}
    return said | {
        field: _moment(field, form[field].strip(), zone) for field in ("ends_at", "goes_at") if field in form
    }


def _moment(field: str, typed: str, zone: str) -> datetime | None:
    try:
        return datetime.fromisoformat(typed).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC) if typed else None
    except (ValueError, OverflowError):
        with concerning(field):
            raise Invalid("'{moment}' is no moment. Write it as 2026-05-31T18:00.", moment=typed[:40]) from None
