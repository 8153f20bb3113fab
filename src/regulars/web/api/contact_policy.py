"""The contact policy: `/api/contact-policy`."""

import msgspec
from litestar import Response, get, put

from regulars.decide import contact
from regulars.decide.contact import ContactPolicy
from regulars.speak.pressure import change
from regulars.store.database import Tx
from regulars.web.api.entry import ADMIN, AnyRequest, opened
from regulars.web.api.once import once
from regulars.web.api.replacing import check_newest, hold
from regulars.web.api.telling import told
from regulars.web.noting import notes, slip_of
from regulars.words.clock import utc_now


class NewPolicy(ContactPolicy, frozen=True, forbid_unknown_fields=True):
    """What to want from now on; what is left out is as if nobody had chosen it.

    `replaces`: what held when you looked. Where something else holds by now, it is refused with 409 and overwrites
    nothing; the answer tells in `stands` what.
    """

    replaces: ContactPolicy | None = None


@get("/contact-policy", sync_to_thread=True, opt=told() | ADMIN)
def get_contact_policy(request: AnyRequest) -> ContactPolicy:
    """Return how much customers are written to, whoever writes."""
    with opened(request) as tx:
        return contact.standing(tx)


@put(
    "/contact-policy",
    sync_to_thread=True,
    opt=told(
        takes=NewPolicy,
        gives=ContactPolicy,
        body={"per_day": 1, "per_week": 3, "quiet_from": "21:00", "quiet_until": "08:00"},
    )
    | notes("contact.policy.changed"),
)
def set_contact_policy(request: AnyRequest) -> Response[bytes]:
    """Want something else for every message that is not on its way yet."""

    def want(tx: Tx, said: NewPolicy) -> ContactPolicy:
        wanted = ContactPolicy(**{name: getattr(said, name) for name in ContactPolicy.__struct_fields__})
        hold(tx, "contact policy")
        before = contact.standing(tx)
        check_newest(before, said.replaces, wanted)
        slip_of(request).tell(before=msgspec.to_builtins(before), after=msgspec.to_builtins(wanted))
        change(tx, wanted, utc_now())
        return wanted

    return once(request, NewPolicy, want)


HANDLERS = [get_contact_policy, set_contact_policy]
