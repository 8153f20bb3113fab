"""Providers that carry mail and call us back about it, a module each: who calls is verified before a word is believed.

Each has a function `hear(call, secret)`, which returns what it is told, or raises Refused (NoKey where nothing is
shown at all) for what the provider did not say, and Invalid for what cannot be read. What providers count of opens and
clicks is left alone: we count our own.
"""

from collections.abc import Callable, Mapping

from regulars.channels.smtp.providers import mailgun, postmark, resend, sendgrid, ses
from regulars.channels.smtp.providers.call import Call, Told

Hear = Callable[[Call, str], list[Told]]

PROVIDERS: Mapping[str, Hear] = {
    "ses": ses.hear,
    "sendgrid": sendgrid.hear,
    "postmark": postmark.hear,
    "mailgun": mailgun.hear,
    "resend": resend.hear,
}
"""What hears each of them, by the name that stands in the address it calls."""

__all__ = ["PROVIDERS", "Call", "Told"]
