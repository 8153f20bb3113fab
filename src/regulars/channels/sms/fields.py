"""What can be set of a gateway, and what of it cannot be."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from regulars.channels.sms.request import written
from regulars.outbound import Outbound
from regulars.speak.channel import Field, worded
from regulars.words.errors import Invalid, concerning

_REPORTS = worded("What the gateway answers, and reports later")
_ANSWERS = worded("What customers answer")
FIELDS = (
    Field(
        "url",
        worded("Address"),
        worded(
            "Where the gateway takes messages. Here and below, {to}, {digits} (the number without +), {text}, {from}, "
            "{id}, {user}, {secret} and {basic} (user and secret in base64) are filled in."
        ),
        aims=True,
    ),
    Field("method", worded("Method"), aims=True, usual="POST", options=("POST", "GET", "PUT")),
    Field("form", worded("Form of the body"), aims=True, usual="json", options=("json", "form", "none")),
    Field(
        "body",
        worded("Body"),
        worded('As JSON, for example {"to": "{to}", "text": "{text}"}; as a form, a line each, for example to={to}.'),
        needed=False,
        long=True,
        aims=True,
    ),
    Field(
        "headers",
        worded("Headers"),
        worded("A line each, for example Authorization: Bearer {secret}"),
        needed=False,
        long=True,
        aims=True,
    ),
    Field("sender", worded("Sender"), worded("The number or name that messages come from.")),
    Field("user", worded("User"), needed=False, aims=True),
    Field("secret", worded("Secret"), worded("A password or token of the gateway."), secret=True, needed=False),
    Field(
        "proof",
        worded("Taken where the answer holds"),
        worded('Beside a status of 2xx, for example "status":"0".'),
        needed=False,
        part=_REPORTS,
    ),
    Field(
        "id_at",
        worded("Its id in the answer"),
        worded("The way through the JSON, for example messages.0.id"),
        needed=False,
        part=_REPORTS,
    ),
    Field(
        "price",
        worded("Price of a part"),
        worded("For example 0.045: what one part of a message costs."),
        needed=False,
    ),
    Field("currency", worded("Currency"), worded("For example EUR."), needed=False),
    Field(
        "report_id",
        worded("Delivery report: id"),
        worded("The field that says which message it is about: by its own id where that is read above, else by {id}."),
        needed=False,
        part=_REPORTS,
    ),
    Field(
        "report_status",
        worded("Delivery report: status"),
        worded("The field that says what came of it."),
        needed=False,
        part=_REPORTS,
    ),
    Field(
        "report_failed",
        worded("Delivery report: failed"),
        worded("The words that say it will never arrive, with commas between."),
        usual="failed, undelivered, undeliverable, rejected, expired",
        part=_REPORTS,
    ),
    Field(
        "reply_from",
        worded("Answer: number"),
        worded("The field with the number of a customer who answers."),
        needed=False,
        part=_ANSWERS,
    ),
    Field("reply_text", worded("Answer: text"), worded("The field with what they wrote."), needed=False, part=_ANSWERS),
    Field(
        "reply_id",
        worded("Answer: id"),
        worded("The field by which an answer that is told twice is known."),
        needed=False,
        part=_ANSWERS,
    ),
)
_TRIED = ("+37120000000", "Text", 1)
_CURRENCY = 3


def check(values: Mapping[str, str]) -> None:
    """Raise Invalid, naming the field, for what cannot be sent to any gateway."""
    with concerning("url"):
        Outbound(private=True).check(written(values, *_TRIED).url)
    with concerning("price"):
        price_of(values)
    with concerning("currency"):
        currency = values.get("currency", "")
        if currency and not (len(currency) == _CURRENCY and currency.isascii() and currency.isupper()):
            raise Invalid("Write a currency in three letters, for example EUR.")
    for one, other in (("report_id", "report_status"), ("reply_from", "reply_text")):
        for missing, beside in ((one, other), (other, one)):
            with concerning(missing):
                if values.get(beside) and not values.get(missing):
                    raise Invalid("One is of no use without the other: name both fields, or neither.")


def price_of(values: Mapping[str, str]) -> Decimal | None:
    """Return what a part costs, or None where nobody said so."""
    said = values.get("price", "").strip()
    if not said:
        return None
    try:
        price = Decimal(said)
    except InvalidOperation:
        price = Decimal(-1)
    if not (price.is_finite() and 0 <= price < 1000):  # noqa: PLR2004 (no part of a message costs that)
        raise Invalid("A price is a number, for example 0.045.")
    return price
