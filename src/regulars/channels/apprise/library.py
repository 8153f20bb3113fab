"""The only place that knows the library Apprise, which is not always there (docs/adr/0053).

It opens connections of its own, past our guarded client. So only services are let through whose host stands in the
library itself; one that goes wherever its address says is for whoever allows addresses inside (`outbound_private`).
"""

import logging
from collections.abc import Generator
from contextlib import contextmanager
from threading import get_ident

import apprise

from regulars.words.errors import Invalid

SERVICES = (
    "46elks", "bulksms", "burstsms", "clickatell", "clicksend", "cm", "elks", "httpsms", "kudosity", "mobilemessage",
    "msgbird", "nexmo", "octopush", "plivo", "seven", "smsmanager", "smsmgr", "telesign", "telnyx", "twilio", "voipms",
    "vonage",
)  # fmt: skip
"""Gateways for text messages with one host, over HTTPS."""
_LOG = logging.getLogger("apprise")


def service(url: str, *, private: bool) -> apprise.NotifyBase:
    """Return the service that an address names; raise Invalid for one that cannot be, or may not."""
    scheme = url.partition("://")[0].strip().lower()
    if scheme not in SERVICES and not private:
        raise Invalid("'{scheme}' is not among the gateways that can be used. There are: {names}.",
                      scheme=scheme[:40], names=", ".join(SERVICES))  # fmt: skip
    asset = apprise.AppriseAsset(storage_mode=apprise.PersistentStoreMode.MEMORY, secure_logging=True)
    with _heard():
        found = apprise.Apprise.instantiate(url, asset=asset, suppress_exceptions=True)
    if not isinstance(found, apprise.NotifyBase):
        raise Invalid("This address cannot be read. Look up how Apprise writes it for your gateway.")
    found.verify_certificate, found.redirects = True, False
    found.request_rate_per_sec, found.retry = 0, 0
    return found


def notify(found: apprise.NotifyBase, text: str) -> tuple[bool, str]:
    """Send a text; return whether it was taken, and what the library says of it."""
    with _heard() as said:
        taken = found.notify(body=text, title="", notify_type=apprise.NotifyType.INFO)
    return bool(taken), "\n".join(said)


class _Ear(logging.Handler):
    """Hears what the library says in this thread."""

    def __init__(self, said: list[str]) -> None:
        super().__init__(logging.DEBUG)
        self._said = said
        self._thread = get_ident()

    def emit(self, record: logging.LogRecord) -> None:
        """Keep what is said of the delivery in hand."""
        if record.thread == self._thread:
            self._said.append(record.getMessage())


@contextmanager
def _heard() -> Generator[list[str]]:
    """Yield what the library says, which stands in no log of ours: it names customers' numbers."""
    said: list[str] = []
    ear = _Ear(said)
    _LOG.propagate = False
    _LOG.setLevel(logging.DEBUG)
    _LOG.addHandler(ear)
    try:
        yield said
    finally:
        _LOG.removeHandler(ear)
