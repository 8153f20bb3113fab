"""Pressure: how much one customer is sent lately, over all channels and addresses, and how much they want."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from regulars.decide.contact import ContactPolicy
from regulars.words.reasons import PRESSED, SPACED

LONGEST = timedelta(days=7)
"""What was sent before that counts in no cap of the workspace."""


class Budget:
    """How much room customers have for another message, by what they were sent lately.

    `wanted` has in how many days somebody wants one message, of those who said so. Whoever claims a message takes its
    room at once, so that another one in the same batch finds it taken.
    """

    def __init__(
        self,
        policy: ContactPolicy,
        sent: Mapping[int, Sequence[datetime]],
        now: datetime,
        wanted: Mapping[int, int] | None = None,
    ) -> None:
        self._caps, self._now, self._wanted = policy.caps, now, wanted or {}
        self._sent = {customer: sorted(moments) for customer, moments in sent.items()}

    def wait(self, customer: int) -> tuple[str, datetime] | None:
        """Return why a customer has no room, and when there is some again; None: there is room now."""
        caps = [(PRESSED, most, span) for most, span in self._caps]
        if days := self._wanted.get(customer):
            caps.append((SPACED, 1, timedelta(days=days)))
        moments = self._sent.get(customer, [])
        full = [
            (reason, within[-most] + span)
            for reason, most, span in caps
            if len(within := [one for one in moments if one > self._now - span]) >= most
        ]
        return max(full, key=lambda one: one[1], default=None)

    def take(self, customer: int) -> None:
        """Take room for a message now."""
        self._sent.setdefault(customer, []).append(self._now)
