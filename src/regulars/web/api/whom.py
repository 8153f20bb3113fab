"""Whom a request means: a customer by number, or by an identifier such as `user:u-17` or `email:ieva@example.com`."""

from regulars.hear.identities import find, tidy
from regulars.remember import customers
from regulars.store.database import Tx
from regulars.web.api.entry import AnyRequest
from regulars.web.noting import slip_of
from regulars.web.numbers import number_in
from regulars.words.errors import Invalid, Unknown


def customer_at(tx: Tx, ref: str) -> int:
    """Return a customer's number; raise Unknown where there is none, Invalid for what names nobody."""
    return customers.get_customer(tx, identity_at(tx, ref)).id


def customer_in(request: AnyRequest, tx: Tx, ref: str) -> int:
    """Return a customer's number, and say that the request is about them: what is noted names nobody otherwise."""
    customer = customer_at(tx, ref)
    slip_of(request).tell(customer, kind="customer")
    return customer


def identity_at(tx: Tx, ref: str) -> int:
    """Return the identity by which a customer is named: for a number the one by which they were first met."""
    kind, separator, value = ref.partition(":")
    if not separator:
        number = number_in(ref)
        if number is None:
            raise Invalid("'{ref}' names no customer. Send a number, or an identifier like user:u-17.", ref=ref[:60])
        return customers.get_customer(tx, number).id
    identity = find(tx, tidy(kind, value))
    if identity is None or customers.customer_of(tx, identity) is None:
        raise Unknown("There is no customer with the {kind} '{value}'.", kind=kind[:20], value=value[:60])
    return identity
