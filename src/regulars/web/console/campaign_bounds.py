"""Until when a campaign's offer is good, as it stands in the composer's field: by the workspace's clock."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from regulars.speak.campaigns import Campaign
from regulars.words.errors import Invalid, concerning

START = {"ends_at": ""}


def labels(gettext: Callable[[str], str]) -> dict[str, str]:
    """Return what the fields are called."""
    return {"ends_at": gettext("The offer ends")}


def fields_of(campaign: Campaign, zone: str) -> dict[str, str]:
    """Return the fields of the form."""
    ends = campaign.ends_at
    return {"ends_at": ends.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%dT%H:%M") if ends else ""}


def read(form: Mapping[str, str], zone: str) -> dict[str, Any]:
    """Return what the fields say; raise Invalid for what is no moment. What was sent without them says nothing."""
    if "ends_at" not in form:
        return {}
    typed = form["ends_at"].strip()
    try:
        ends = datetime.fromisoformat(typed).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC) if typed else None
    except (ValueError, OverflowError):
        with concerning("ends_at"):
            raise Invalid("'{moment}' is no moment. Write it as 2026-05-31T18:00.", moment=typed[:40]) from None
    return {"ends_at": ends}
