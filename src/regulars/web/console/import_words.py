"""How a file is read and what its columns are, in a reader's words."""

from collections.abc import Callable, Mapping

import msgspec

from regulars.hear.imports.plan import SKIP, Plan


def in_words(plan: Plan, gettext: Callable[[str], str], lists: Mapping[str, str]) -> dict[str, str]:
    """Return what a plan says, by column and by what else it says; `lists`: what each is called, by its key."""
    called = targets_called(gettext, plan.what)
    return {
        **{column: called.get(target, target) for column, target in plan.columns.items()},
        gettext("How it is read"): ", ".join(str(one) for one in msgspec.structs.astuple(plan.reading) if one),
        gettext("Where they consented"): plan.source,
        gettext("Of when the file is"): plan.as_of.date().isoformat() if plan.as_of else "",
        gettext("Name of the events, where no column says it"): plan.event,
        gettext("And put them on the list"): lists.get(plan.on_list, plan.on_list),
    }


def targets_called(gettext: Callable[[str], str], what: str) -> dict[str, str]:
    """Return what a column can be, in words, by target."""
    return {
        SKIP: gettext("Left out"),
        "user": gettext("User id"),
        "customer": gettext("Customer number"),
        "email": gettext("E-mail address"),
        "phone": gettext("Phone number"),
        "anonymous": gettext("Anonymous id"),
        "order": gettext("Order number"),
        "at": gettext("When it was so") if what == "customers" else gettext("When it happened"),
        "sku": gettext("Product code"),
        "name": gettext("Product name"),
        "category": gettext("Category"),
        "quantity": gettext("Quantity"),
        "price": gettext("Price of one"),
        "total": gettext("Total of the order"),
        "currency": gettext("Currency"),
        "country": gettext("Country"),
        "event": gettext("Name of the event"),
        "message": gettext("Message id"),
        "consent": gettext("Consent: yes or no"),
        "refused": gettext("Wants no messages"),
        "granted_at": gettext("When they consented"),
        "withdrawn_at": gettext("When they withdrew"),
        "consent_source": gettext("Where they consented"),
    }
