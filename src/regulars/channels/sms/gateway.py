"""Handing a text message to a gateway: what each of its answers means."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from typing import Self

from regulars.channels.sms import records
from regulars.channels.sms.fields import check
from regulars.channels.sms.reading import as_json, at
from regulars.channels.sms.request import written
from regulars.outbound import Answer, Outbound
from regulars.speak.channel import Bounced, Envelope, TryLater, Uncertain
from regulars.store.database import Database
from regulars.words.clock import utc_now
from regulars.words.errors import RegularsError, Unavailable, Unreached

_TAKEN = range(200, 300)
_LATER = {
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.PAYMENT_REQUIRED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.METHOD_NOT_ALLOWED,
    HTTPStatus.REQUEST_TIMEOUT,
    HTTPStatus.TOO_EARLY,
    HTTPStatus.TOO_MANY_REQUESTS,
}
"""What says something about us, our settings or the moment, and nothing about the message."""
_REFUSED = range(400, 500)
_SHOWN = 200


class Gateway:
    """The way to a gateway."""

    name = "sms"
    idempotent = False
    connections = 4

    def __init__(self, values: Mapping[str, str], database: Database, workspace: str, outbound: Outbound) -> None:
        check(values)
        self._values = values
        self._database = database
        self._workspace = workspace
        self._outbound = outbound

    @contextmanager
    def connect(self) -> Generator[Self]:
        """Yield the gateway: each message has a connection of its own."""
        yield self

    def deliver(self, envelope: Envelope) -> None:
        """Hand a message over. Once it has been asked, only its answer says what came of it."""
        try:
            asked = written(self._values, envelope.recipient, envelope.text, envelope.message_id)
            answer = self._outbound.ask(asked.method, asked.url, asked.body, asked.headers)
        except Unreached as error:
            raise (Uncertain if error.perhaps else TryLater)(str(error)) from error
        except RegularsError as error:
            raise TryLater(str(error)) from error
        self._judge(answer)
        self._keep(answer, envelope.message_id)

    def close(self) -> None:
        """Nothing is kept open."""

    def _judge(self, answer: Answer) -> None:
        said = f"The gateway answered {answer.status}: {self._words(answer)}"
        proof = "".join(self._values.get("proof", "").split())
        if answer.status in _TAKEN:
            text = "".join(answer.body.decode("utf-8", "replace").split())
            if proof and proof not in text:
                raise Bounced(said, dead=False)
            return
        if answer.status in _REFUSED and answer.status not in _LATER:
            raise Bounced(said, dead=False)
        if answer.status in _REFUSED or answer.status in {HTTPStatus.SERVICE_UNAVAILABLE, *range(300, 400)}:
            raise TryLater(said)
        raise Uncertain(said)

    def _words(self, answer: Answer) -> str:
        """Return what a gateway said, without the secret that we said."""
        said = " ".join(answer.body.decode("utf-8", "replace").split())
        secret = self._values.get("secret", "")
        return (said.replace(secret, "…") if secret else said)[:_SHOWN]

    def _keep(self, answer: Answer, message_id: int) -> None:
        """Keep how the gateway calls the message, for what it tells of it later."""
        way = self._values.get("id_at", "")
        known_as = at(as_json(answer.body), way) if way else ""
        if known_as and message_id > 0:
            try:
                with self._database.workspace(self._workspace) as tx:
                    records.note_sent(tx, known_as, message_id, utc_now())
            except Unavailable:
                pass  # it was sent: that its report will not be understood is the smaller harm
