"""One connection to the mail server: what each of its answers means for a message (RFC 5321, RFC 3463)."""

import re
import smtplib
import ssl
from typing import Any

from regulars.channels.smtp.address import Server
from regulars.channels.smtp.blame import is_dead
from regulars.channels.smtp.dress import PLAIN, Dress, Wardrobe
from regulars.channels.smtp.mime import as_bytes
from regulars.outbound import place_of
from regulars.speak.channel import Bounced, Envelope, TryLater, Uncertain
from regulars.words.errors import RegularsError

_PATIENCE = 30.0
_OK = range(200, 300)
_GO_ON = 354
_FINAL = range(500, 600)
_DOTS = re.compile(rb"^\.", re.MULTILINE)


class Line:
    """An open connection, logged in."""

    def __init__(self, server: Server, wardrobe: Wardrobe | None = None) -> None:
        self._wardrobe = wardrobe
        try:
            self._smtp = _open(server)
        except (OSError, smtplib.SMTPException, RegularsError) as error:
            raise TryLater(f"The mail server does not answer: {_words(error)}") from error

    def deliver(self, envelope: Envelope) -> None:
        """Hand a message over. Before its text is sent, whatever goes wrong is certain; after it, only an answer is."""
        sender, recipient, written = as_bytes(envelope, self._dress())
        try:
            self._address(sender, recipient)
            code, said = self._smtp.docmd("DATA")
        except (OSError, smtplib.SMTPException) as error:
            raise TryLater(f"The line to the mail server broke: {_words(error)}") from error
        if code != _GO_ON:
            self._refused(code, said, at_recipient=False)
        self._send_text(written)

    def alive(self) -> bool:
        """Return whether the server still answers; what was half said is taken back."""
        try:
            return self._smtp.rset()[0] in _OK
        except (OSError, smtplib.SMTPException):
            return False

    def close(self) -> None:
        """Say goodbye, if anybody is there."""
        try:
            self._smtp.quit()
        except (OSError, smtplib.SMTPException):
            self._smtp.close()

    def _dress(self) -> Dress:
        try:
            return self._wardrobe.dress() if self._wardrobe else PLAIN
        except RegularsError as error:  # a key that cannot be opened: better late than unsigned
            raise TryLater(str(error)) from error

    def _address(self, sender: str, recipient: str) -> None:
        code, said = self._smtp.mail(sender)
        if code not in _OK:
            raise TryLater(f"The mail server does not take mail from us: {code} {_text(said)}")
        code, said = self._smtp.rcpt(recipient)
        if code not in _OK:
            self._refused(code, said, at_recipient=True)

    def _send_text(self, written: bytes) -> None:
        body = _DOTS.sub(b"..", written)
        try:
            self._smtp.send(body + (b"" if body.endswith(b"\r\n") else b"\r\n") + b".\r\n")
            code, said = self._smtp.getreply()
        except (OSError, smtplib.SMTPException) as error:
            raise Uncertain(f"The line to the mail server broke while the message was sent: {_words(error)}") from error
        if code not in _OK:
            self._refused(code, said, at_recipient=False)

    def _refused(self, code: int, said: bytes, *, at_recipient: bool) -> None:
        text = f"{code} {_text(said)}"
        if code not in _FINAL:
            raise TryLater(text)
        self.alive()
        raise Bounced(text, dead=is_dead(text, at_recipient=at_recipient))


class _Plain(smtplib.SMTP):
    """A line to one numeric address, while it is called by its name."""

    def __init__(self, place: str, host: str, port: int, **more: Any) -> None:
        self._place = place
        super().__init__(host, port, **more)

    def _get_socket(self, _host: str, port: int, timeout: float) -> Any:
        return super()._get_socket(self._place, port, timeout)  # type: ignore[misc]


class _Encrypted(_Plain, smtplib.SMTP_SSL):
    """The same, encrypted from the first byte on, with a certificate for the name."""


def _open(server: Server) -> smtplib.SMTP:
    context = ssl.create_default_context()
    place = place_of(server.host, server.port, private=server.private)
    if server.tls:
        smtp: smtplib.SMTP = _Encrypted(place, server.host, server.port, timeout=_PATIENCE, context=context)
    else:
        smtp = _Plain(place, server.host, server.port, timeout=_PATIENCE)
    try:
        _introduce(smtp, server, context)
    except BaseException:
        smtp.close()
        raise
    return smtp


def _introduce(smtp: smtplib.SMTP, server: Server, context: ssl.SSLContext) -> None:
    smtp.ehlo_or_helo_if_needed()
    if server.encrypted and not server.tls and not smtp.has_extn("starttls"):
        raise smtplib.SMTPException("it offers no encryption, so nothing is sent. Choose another port or server")
    if not server.tls and smtp.has_extn("starttls"):
        smtp.starttls(context=context)
        smtp.ehlo()
    if server.user:
        if not isinstance(smtp.sock, ssl.SSLSocket) and not _is_here(server.host):
            raise smtplib.SMTPException("it offers no encryption, so our password is not sent. Use smtps://")
        smtp.login(server.user, server.password)


def _is_here(host: str) -> bool:
    return host in ("localhost", "127.0.0.1", "::1")


def _text(said: bytes) -> str:
    return said.decode("utf-8", "replace").replace("\n", " ").strip()


def _words(error: Exception) -> str:
    """Return what an error says, without anything that we sent."""
    return str(error)[:200] or type(error).__name__
