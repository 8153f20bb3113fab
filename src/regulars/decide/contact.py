"""The contact policy as a workspace wants it: how much one person is written to, whoever of the team writes."""

from regulars.decide import contact_records as records
from regulars.decide.contact_records import ContactPolicy
from regulars.decide.hours import Week, awake, minutes
from regulars.decide.law import HOURS, RINGING
from regulars.store.database import Tx
from regulars.words.errors import Invalid, concerning

__all__ = ["MOST", "ContactPolicy", "check", "check_held_out", "keep", "quiets", "standing", "weeks"]

LONGEST_KIND = 200
MOST_HELD_OUT = 50
"""Percent: more than half would be no comparison but campaigns that are not sent."""
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
    check_held_out(policy.held_out)
    _check_quiet(policy)
    _check_complaints(policy)
    if policy.per_day is not None and policy.per_week is not None and policy.per_week < policy.per_day:
        with concerning("per_week"):
            raise Invalid("A week cannot allow less than a day. Choose {least} or more.", least=policy.per_day)


def check_held_out(percent: int) -> None:
    """Raise Invalid for a share that cannot be held out, of all or of a campaign."""
    with concerning("held_out"):
        if not 0 <= percent <= MOST_HELD_OUT:
            raise Invalid("Hold out 0 to {most} percent.", most=MOST_HELD_OUT)


def _check_quiet(policy: ContactPolicy) -> None:
    for field in ("quiet_from", "quiet_until"):
        with concerning(field):
            if (policy.quiet_from is None) != (policy.quiet_until is None) and getattr(policy, field) is None:
                raise Invalid("Say both when it begins to be quiet and when that is over, or neither.")
            _check_clock(getattr(policy, field))
    if policy.quiet_from and policy.quiet_until and minutes(policy.quiet_from) == minutes(policy.quiet_until):
        with concerning("quiet_until"):
            raise Invalid("That would be quiet for ever, or never. Choose another time.")


def _check_complaints(policy: ContactPolicy) -> None:
    for field in ("complaint_opened", "complaint_resolved"):
        with concerning(field):
            if len(getattr(policy, field)) > LONGEST_KIND:
                raise Invalid("The name of an event has at most {most} characters.", most=LONGEST_KIND)
    with concerning("complaint_resolved"):
        if policy.complaint_opened and policy.complaint_opened == policy.complaint_resolved:
            raise Invalid("A complaint cannot be resolved by the event that opens it. Name another one.")


def _check_clock(clock: str | None) -> None:
    if clock is not None:
        try:
            minutes(clock)
        except ValueError:
            raise Invalid("'{clock}' is no time of day. Write it as 21:00.", clock=clock[:20]) from None


def quiets(policy: ContactPolicy, channel: str) -> bool:
    """Whether there are hours in which nothing is said by a channel."""
    return policy.quiet_from is not None or policy.by_law or channel in RINGING


def weeks(policy: ContactPolicy, channel: str, country: str) -> list[Week]:
    """Return when somebody in a country may be written to by a channel: all of it must hold."""
    law = [HOURS[country]] if (policy.by_law or channel in RINGING) and country in HOURS else []
    wanted = [awake(policy.quiet_from, policy.quiet_until)] if policy.quiet_from and policy.quiet_until else []
    return wanted + law
