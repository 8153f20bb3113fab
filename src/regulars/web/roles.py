"""Roles and scopes in words: what they are called, and what they may do."""

from collections.abc import Callable

from regulars.access.keys import SCOPES
from regulars.access.rights import ROLES

Gettext = Callable[[str], str]


def role_called(role: str, gettext: Gettext) -> str:
    """Return what people call a role."""
    return {
        "owner": gettext("Owner"),
        "marketer": gettext("Marketer"),
        "agent": gettext("Agent"),
        "analyst": gettext("Analyst"),
        "viewer": gettext("Viewer"),
    }.get(role, role)


def role_does(role: str, gettext: Gettext) -> str:
    """Return what a role may do, for whoever chooses one."""
    return {
        "owner": gettext("Everything, people and keys too."),
        "marketer": gettext("Makes segments, forms and campaigns, sends them, and takes data along."),
        "agent": gettext("Sees everything, and puts right what is remembered of one customer."),
        "analyst": gettext("Sees everything, and takes data along."),
        "viewer": gettext("Sees everything, and changes nothing."),
    }.get(role, "")


def role_choices(gettext: Gettext) -> list[tuple[str, str, str]]:
    """Return the roles as a choice, from the least to the most."""
    return [(role, role_called(role, gettext), role_does(role, gettext)) for role in reversed(ROLES)]


def scope_called(scope: str, gettext: Gettext) -> str:
    """Return what people call a scope."""
    return {
        "browser": gettext("Browser"),
        "write": gettext("Write"),
        "read": gettext("Read"),
        "admin": gettext("Admin"),
    }.get(scope, scope)


def scope_choices(gettext: Gettext) -> list[tuple[str, str, str]]:
    """Return the scopes as a choice."""
    does = {
        "browser": gettext("Sends what visitors do. Public: it may stand in the source of a page."),
        "write": gettext("Sends events, as a shop's server does."),
        "read": gettext("Asks for whatever the console shows, but for people and keys."),
        "admin": gettext("Does whatever an owner does in the console."),
    }
    return [(scope, scope_called(scope, gettext), does[scope]) for scope in SCOPES]
