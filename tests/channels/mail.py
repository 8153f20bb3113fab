"""A real mail server to send to, and letters to send."""

# ruff: noqa: N802, ARG002 (aiosmtpd's hooks are called so)

import asyncio
import socket
from contextlib import contextmanager
from email import message_from_bytes
from threading import Lock

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult

from regulars.speak.channel import Envelope


def letter(number, recipient="ann@x.example", **more):
    fields = {
        "sender": "The Gift House <hello@gifts.example>",
        "subject": "For My mother",
        "html": "<p>Hello</p>",
        "text": "Hello",
        "headers": {"List-Unsubscribe": "<https://shop.example/u/abc>"},
    }
    return Envelope(message_id=number, recipient=recipient, **(fields | more))


def numbers(server):
    """The ids of the messages that arrived."""
    return [int(message_from_bytes(raw)["Message-ID"][10:].split("@")[0]) for _, raw in server.mails]


class MailServer:
    """A real SMTP server; `answers` holds what it says to an address at a stage, or `drop`."""

    def __init__(self):
        self.mails = []
        self.senders = []
        self.connections = 0
        self.answers = {}
        self._lock = Lock()

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_MAIL(self, server, session, envelope, address, options):
        if answer := self.answers.get(("mail", address)):
            return answer
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        answer = self.answers.get(("rcpt", address))
        if answer == "drop":
            server.transport.abort()
            await asyncio.sleep(3600)
        if answer:
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        address = envelope.rcpt_tos[0]
        answer = self.answers.get(("data", address))
        if answer in ("drop", "drop after keeping"):
            if answer == "drop after keeping":
                self.keep(address, envelope)
            server.transport.abort()
            raise ConnectionAbortedError
        if answer:
            return answer
        self.keep(address, envelope)
        return "250 taken"

    def keep(self, address, envelope):
        with self._lock:
            self.mails.append((address, envelope.content))
            self.senders.append(envelope.mail_from)


class _Controller(Controller):
    password = ""

    def factory(self):
        return SMTP(
            self.handler,
            hostname="mx.test",
            decode_data=False,
            authenticator=self.judge if self.password else None,
            auth_required=bool(self.password),
            auth_require_tls=False,
        )

    def judge(self, server, session, envelope, mechanism, given):
        return AuthResult(success=given.password.decode() == self.password, handled=False)


@contextmanager
def serving(*, password=""):
    server = MailServer()
    with socket.create_server(("127.0.0.1", 0)) as free:
        server.port = free.getsockname()[1]
    controller = _Controller(server, hostname="127.0.0.1", port=server.port)
    controller.password = password
    controller.start()
    server.stop = controller.stop
    try:
        yield server
    finally:
        controller.stop(no_assert=True)
