"""A customer whom the team keeps and does not use, because they asked for it; and that this is lifted."""

from litestar import Response, post
from litestar.params import FromPath
from litestar.response import Redirect

from regulars.access.rights import Right
from regulars.engage import restricting
from regulars.remember import customers, restrictions
from regulars.web.console.customers import customer_page
from regulars.web.console.desk import AtDesk, needs
from regulars.web.i18n import say
from regulars.web.noting import notes
from regulars.words.errors import Invalid, concerning

_HOW = "by the team, in the console"


@post(
    "/customers/{customer_id:int}/restrict",
    sync_to_thread=True,
    opt=needs(Right.CARE) | notes("restriction.changed", "customer", by="customer_id"),
)
def restrict(desk: AtDesk, customer_id: FromPath[int]) -> Response[str] | Redirect:
    """Restrict a customer, or lift it; either with what they said or were told."""
    wanted, said = desk.form.get("restricted") == "yes", desk.form.get("proof", "").strip()
    try:
        _check(said, wanted=wanted)
        with desk.noted() as tx, concerning("proof"):
            customer = customers.get_customer(tx, customer_id)
            before = {"restricted": restrictions.stands(tx, customer.id)}
            desk.slip.tell(customer.id, before=before, after={"restricted": wanted})
            change = restricting.restrict if wanted else restricting.lift
            change(tx, customer.id, said, _HOW, desk.now)
    except Invalid as error:
        page = customer_page(desk, customer_id, {"proof": say(error, desk.locale)})
        desk.slip.shows("customer.seen", "customer", customer_id)
        return page
    desk.house.waker.poke(desk.workspace.name)
    return desk.go(f"/customers/{customer.id}#privacy")


def _check(said: str, *, wanted: bool) -> None:
    if not said and wanted:
        raise Invalid("Say in which words they asked for it.")
    if not said:
        raise Invalid("Say how they heard that it ends.")


ROUTES = [restrict]
