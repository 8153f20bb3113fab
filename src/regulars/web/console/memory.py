"""One thing that is remembered of a customer: where it comes from, and how the team puts it right or learns it."""

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from regulars.access.rights import Right
from regulars.engage import care
from regulars.engage.care import About, Care
from regulars.remember import catalogue, customers, facts
from regulars.store.database import Tx
from regulars.web.codes import link_of
from regulars.web.console import drafts, meeting, undoing
from regulars.web.console.desk import AtDesk, Desk, needs
from regulars.web.fact_words import saying
from regulars.web.i18n import say, translator
from regulars.web.noting import notes
from regulars.web.numbers import number_in
from regulars.words.errors import Invalid, Overtaken, Refused

_SEEN = notes("customer.seen", "customer", by="customer_id")
_CORRECTED = needs(Right.CARE) | notes("fact.corrected", "customer", by="customer_id")


@get("/customers/{customer_id:int}/fact", sync_to_thread=True, opt=_SEEN)
def one_fact(desk: AtDesk, customer_id: FromPath[int], name: FromQuery[str]) -> Response[str]:
    """Show what is remembered under a name, every statement of it, and the field that puts it right."""
    with desk.tx() as tx:
        customer = customers.get_customer(tx, customer_id)
        desk.slip.tell(customer.id)
        if not desk.can("care") and name in catalogue.hidden_among(tx, facts.current(tx, customer.id)):
            raise Refused("This is shown only to those who act for customers. Ask one of them.")
        one = _about(desk, tx, customer.id, name)
        return _page(desk, tx, customer, one, one.typed)


@post("/customers/{customer_id:int}/fact", sync_to_thread=True, opt=_CORRECTED)
def note_fact(desk: AtDesk, customer_id: FromPath[int]) -> Response[str] | Redirect:
    """Note what a customer said, or what the team knows otherwise."""
    given = [value for field, value in desk.form.items() if field.startswith("answer")]
    name = desk.form.get("name", "")
    try:
        with desk.noted() as tx:
            customer, one = _told(desk, tx, customer_id, name)
            meeting.check_newest(_holds(one), drafts.base(desk))
            gettext = translator(desk.locale).gettext
            noted = care.note(tx, customer.id, one, given, _care(desk), desk.now, locale=desk.locale, gettext=gettext)
            done = _did(desk, tx, customer.id, one) if noted else 0
    except (Invalid, Overtaken) as wrong:
        with desk.tx() as tx:
            customer = customers.get_customer(tx, customer_id)
            one = _about(desk, tx, customer.id, name)
            if isinstance(wrong, Overtaken):
                page = _page(desk, tx, customer, one, given, beside=_beside(desk, tx, customer.id, one, given))
            else:
                page = _page(desk, tx, customer, one, given, say(wrong, desk.locale))
        desk.slip.shows("customer.seen", "customer", customer.id)
        return page
    return _back(desk, customer.id, one, done)


@post("/customers/{customer_id:int}/fact/again", sync_to_thread=True, opt=_CORRECTED)
def take_again(desk: AtDesk, customer_id: FromPath[int]) -> Redirect:
    """State again what was stated before."""
    with desk.noted() as tx:
        customer, one = _told(desk, tx, customer_id, desk.form.get("name", ""))
        care.take_again(tx, customer.id, one, number_in(desk.form.get("seq", "")) or 0, _care(desk), desk.now)
        done = _did(desk, tx, customer.id, one)
    return _back(desk, customer.id, one, done)


@post(
    "/customers/{customer_id:int}/fact/forget",
    sync_to_thread=True,
    opt=needs(Right.CARE) | notes("fact.forgotten", "customer", by="customer_id"),
)
def forget_fact(desk: AtDesk, customer_id: FromPath[int], name: FromQuery[str]) -> Redirect:
    """Have it forgotten."""
    with desk.noted() as tx:
        customer, one = _told(desk, tx, customer_id, name)
        care.forget(tx, customer.id, one, _care(desk), desk.now)
    return _back(desk, customer.id, one)


def _told(desk: Desk, tx: Tx, customer_id: int, name: str) -> tuple[customers.Customer, About]:
    """Return whom a change is about and what, and say so for the audit log."""
    customer = customers.get_customer(tx, customer_id)
    one = _about(desk, tx, customer.id, name)
    desk.slip.tell(customer.id, label=customer.name, after={"fact": one.name})
    return customer, one


def _about(desk: Desk, tx: Tx, customer: int, name: str) -> About:
    return care.about(tx, customer, name, desk.now, lambda fact: desk.called(fact.name, fact.label))


def _care(desk: Desk) -> Care:
    return Care(by=desk.person.name or desk.person.email, said=desk.form.get("source", "said") == "said")


def _did(desk: Desk, tx: Tx, customer: int, one: About) -> int:
    """Keep what held before, so that it can be taken back."""
    before = {fact.name: fact.seq for fact in one.thing.all} if one.thing else {}
    kept = {"customer": customer, "fact": one.name, "before": before, "by": _care(desk).by}
    return undoing.did(desk, tx, "fact.corrected", [one.label], kept=kept)


def _back(desk: Desk, customer: int, one: About, done: int = 0) -> Redirect:
    desk.house.waker.poke(desk.workspace.name)
    path = f"/customers/{customer}#{'memory' if one.thing is None else 'fact-' + one.name}"
    return undoing.land(desk, path, done) if done else desk.go(path)


def _holds(one: About) -> tuple[str, str] | None:
    """Return what holds of a fact: something else as soon as something else was said, heard yet or not."""
    return (one.thing.fact.source, one.thing.fact.words) if one.thing else None


def _beside(desk: Desk, tx: Tx, customer: int, one: About, given: list[str]) -> meeting.Beside:
    """Return what holds by now beside what was typed."""
    texts = {str(choice.value): choice.text.at(desk.locale) for choice in one.question.choices}
    mine = ", ".join(texts.get(value, value) for value in given)
    part = meeting.Part(one.label, mine, one.thing.fact.words if one.thing else "")
    return meeting.beside(
        desk, tx, "fact.corrected", [part], thing=str(customer), tells=lambda after: after.get("fact") == one.name
    )


def _page(
    desk: Desk, tx: Tx, customer: customers.Customer, one: About, typed: list[str], wrong: str = "", *,
    beside: meeting.Beside | None = None,
) -> Response[str]:  # fmt: skip
    return desk.page(
        "memory.html",
        status=400 if wrong else 409 if beside else 200,
        beside=beside,
        base=meeting.mark(_holds(one)),
        customer=customer,
        one=one,
        value_called=saying(tx, desk.locale),
        typed=typed,
        form={"answer": (typed or [""])[0], "source": desk.form.get("source", "said")},
        errors={"answer": wrong} if wrong else {},
        links=[(form, link_of(desk.house, form.name)) for form in one.forms],
    )


ROUTES = [one_fact, note_fact, take_again, forget_fact]
