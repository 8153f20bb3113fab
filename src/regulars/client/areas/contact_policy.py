"""The API's contact_policy. Made by tools/make_client.py: do not edit."""

import msgspec

from regulars.client.line import Line


class ContactPolicy(msgspec.Struct, frozen=True, kw_only=True):
    """What a workspace wants; as it is made, nothing is held back."""

    per_day: int | None = None
    per_week: int | None = None
    quiet_from: str | None = None
    quiet_until: str | None = None
    by_law: bool = False
    held_out: int = 0
    complaint_opened: str = "Complaint Opened"
    complaint_resolved: str = "Complaint Resolved"


class ContactPolicyApi:
    """What can be asked and done about contact_policy."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def get(self) -> ContactPolicy:
        """Return how much customers are written to, whoever writes."""
        return self._line.ask("/api/contact-policy", ContactPolicy)

    def set(
        self,
        *,
        per_day: int | None = None,
        per_week: int | None = None,
        quiet_from: str | None = None,
        quiet_until: str | None = None,
        by_law: bool = False,
        held_out: int = 0,
        complaint_opened: str = "Complaint Opened",
        complaint_resolved: str = "Complaint Resolved",
        replaces: ContactPolicy | None = None,
        once: str | None = None,
    ) -> ContactPolicy:
        """Want something else for every message that is not on its way yet."""
        return self._line.change(
            "PUT",
            "/api/contact-policy",
            ContactPolicy,
            {
                "per_day": per_day,
                "per_week": per_week,
                "quiet_from": quiet_from,
                "quiet_until": quiet_until,
                "by_law": by_law,
                "held_out": held_out,
                "complaint_opened": complaint_opened,
                "complaint_resolved": complaint_resolved,
                "replaces": replaces,
            },
            once,
        )
