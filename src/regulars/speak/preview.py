"""What a template would say, before it is sent: to a customer, or to one who told us nothing."""

from datetime import datetime

from regulars.speak import records
from regulars.speak.asking import Ask
from regulars.speak.context import Brand, Choice, Context, Question, Quote, Rendered, greeted
from regulars.speak.templates import Template, facts_of, forms_of, render, segments_of
from regulars.store.database import Tx


def preview(
    tx: Tx, template: Template, customer_id: int | None, *, ask: Ask | None, brand: Brand, now: datetime
) -> Rendered:
    """Write a message as it would be written to a customer now (None: nothing is known), with links that lead nowhere.

    Raise Invalid or TooLarge where the template cannot be rendered.
    """
    told: dict[str, Quote] = {}
    segments: set[str] = set()
    called: tuple[str | None, str | None] = (None, None)
    if customer_id is not None:
        known = records.told(tx, [customer_id], facts_of(template), now).get(customer_id, {})
        told = {name: one.quote for name, one in known.items()}
        segments = records.segments_among(tx, [customer_id], segments_of(template)).get(customer_id, segments)
        called = records.names(tx, [customer_id]).get(customer_id, called)
    name, first_name = greeted(*called)
    context = Context(
        told=told,
        name=name,
        first_name=first_name,
        ask=_question(ask) if ask else None,
        segments=tuple(sorted(segments)),
        forms=dict.fromkeys(forms_of(template), "#form"),
        why_url="#why",
        unsubscribe_url="#leave",
        shop=brand.title,
        brand=brand,
    )
    return render(template, context)


def _question(ask: Ask) -> Question:
    return Question(ask.form, ask.title, "#answer", tuple(Choice(option.text, "#answer") for option in ask.options))
