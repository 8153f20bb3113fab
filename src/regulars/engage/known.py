"""Never ask twice: what somebody has told us already, as an answer to a question that is about to be asked.

Only what they said themselves, verified, and what the question would still take: an answer that is no longer in the
list is asked anew. A consent is never answered for anybody.
"""

from datetime import datetime

import msgspec

from regulars.engage.answers import as_typed, check
from regulars.engage.forms import Form
from regulars.engage.questions import Question
from regulars.remember import catalogue, facts
from regulars.remember.customers import customer_of
from regulars.store.database import Tx
from regulars.words.errors import Invalid


class Known(msgspec.Struct, frozen=True):
    """What somebody said before: as the page's field would send it, in their words, and when."""

    typed: list[str]
    words: str
    at: datetime
    stale: bool = False
    """Whether it is past its shelf life, so that it is worth asking again."""


def known(tx: Tx, form: Form, question: Question, identity_id: int, now: datetime) -> Known | None:
    """Return what the owner of an identity said before to this question, wherever they were asked, or None."""
    customer = customer_of(tx, identity_id)
    if question.consent or customer is None:
        return None
    name = question.fact or f"{form.name}.{question.name}"
    fact = next((one for one in facts.current(tx, customer) if one.name == name), None)
    if fact is None or fact.source != "said" or not fact.verified:
        return None
    typed = as_typed(question, fact.value)
    try:
        taken = check(question, typed)
    except Invalid:
        return None
    entry = catalogue.entries(tx, [name]).get(name)
    return None if taken is None else Known(typed, fact.words, fact.at, catalogue.stale(entry, fact.at, now))
