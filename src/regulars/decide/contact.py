"""The contact policy as a workspace wants it: how much one person is written to, whoever of the team writes."""

from regulars.decide import contact_records as records
from regulars.decide.contact_records import ContactPolicy
from regulars.store.database import Tx
from regulars.words.errors import Invalid, concerning

__all__ = ["MOST", "ContactPolicy", "check", "keep", "standing"]

MOST = 100
"""More messages a day or week than anybody can want to allow."""


def standing(tx: Tx) -> ContactPolicy:
    """Return what the workspace wants now."""
    return records.get_policy(tx) or ContactPolicy()


def keep(tx: Tx, policy: ContactPolicy) -> None:
    """Want something else for every message that is not claimed yet; raise Invalid for what cannot be."""
    check(policy)
    records.keep_policy(tx, policy)


def check(policy: ContactPolicy) -> None:
    """Raise Invalid, naming the field, for what cannot be wanted."""
    for field in ("per_day", "per_week"):
        most = getattr(policy, field)
        with concerning(field):
            if most is not None and not 1 <= most <= MOST:
                raise Invalid("Choose 1 to {most} messages, or leave it empty for as many as there are.", most=MOST)
    if policy.per_day is not None and policy.per_week is not None and policy.per_week < policy.per_day:
        with concerning("per_week"):
            raise Invalid("A week cannot allow less than a day. Choose {least} or more.", least=policy.per_day)
