"""Pressure: how much one customer is sent in a day and a week, over all channels and addresses."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from regulars.decide.contact import ContactPolicy

LONGEST = timedelta(days=7)
"""What was sent before that counts in no cap."""


class Budget:
    """How much room customers have for another message, by what they were sent in the last seven days.

    Whoever claims a message takes its room at once, so that another one in the same batch finds it taken.
    """

    def __init__(self, policy: ContactPolicy, sent: Mapping[int, Sequence[datetime]], now: datetime) -> None:
        self._caps, self._now = policy.caps, now
        self._sent = {customer: sorted(moments) for customer, moments in sent.items()}

    def free_at(self, customer: int) -> datetime | None:
        """Return when a customer has room again; None: there is room now."""
        moments = self._sent.get(customer, [])
        full = [
            within[-most] + span
            for most, span in self._caps
            if len(within := [one for one in moments if one > self._now - span]) >= most
        ]
        return max(full, default=None)

    def take(self, customer: int) -> None:
        """Take room for a message now."""
        self._sent.setdefault(customer, []).append(self._now)
