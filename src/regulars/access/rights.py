"""What the roles of a team may do. A page asks for a right, never for a role."""

from enum import StrEnum


class Right(StrEnum):
    """One kind of thing that somebody of the team may do in a workspace."""

    READ = "read"
    """See every page."""
    CARE = "care"
    """Act for one customer: put right what is remembered."""
    COMPOSE = "compose"
    """Make and change segments, forms, templates and campaigns."""
    SEND = "send"
    """Start and stop what reaches customers."""
    EXPORT = "export"
    """Take data about many customers away."""
    MANAGE = "manage"
    """People, keys, the workspace itself, the audit log, and the machinery."""


ROLES: dict[str, frozenset[Right]] = {
    "owner": frozenset(Right),
    "marketer": frozenset({Right.READ, Right.CARE, Right.COMPOSE, Right.SEND, Right.EXPORT}),
    "agent": frozenset({Right.READ, Right.CARE}),
    "analyst": frozenset({Right.READ, Right.EXPORT}),
    "viewer": frozenset({Right.READ}),
}
"""What each role may do, from the most to the least."""


def rights_of(role: str) -> frozenset[Right]:
    """Return what a role may do; a role that is not known may do nothing."""
    return ROLES.get(role, frozenset())
