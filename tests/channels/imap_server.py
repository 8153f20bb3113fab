"""A real IMAP server (pymap), encrypted from the first byte by a gate before it, with a certificate for localhost."""

import asyncio
import imaplib
import socket
import ssl
import subprocess
import sys
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from threading import Thread

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from regulars.testing.serving import wait_until

USER, PASSWORD = "bounces", "password"


class Mailbox:
    """The mailbox: what arrives in it, and where it is read."""

    def __init__(self, plain, port, context):
        self.plain, self.port, self.context = plain, port, context

    def arrives(self, *mails):
        box = self.opened()
        for mail in mails:
            box.append("INBOX", None, None, mail.replace("\n", "\r\n").encode())
        box.logout()

    def holds(self):
        """How many mails there are, and which flags they have."""
        box = self.opened()
        _, (number,) = box.select("INBOX", readonly=True)
        _, flags = box.uid("FETCH", "1:*", "(FLAGS)")
        box.logout()
        return int(number), b"".join(one for one in flags if isinstance(one, bytes))

    def opened(self):
        box = imaplib.IMAP4("127.0.0.1", self.plain, timeout=20)
        box.login(USER, PASSWORD)
        return box


@contextmanager
def serving(folder: Path):
    plain = _free()
    said = (folder / "imap.log").open("wb")
    arguments = ["--host", "127.0.0.1", "--port", str(plain), "--no-tls", "--no-service", "admin"]
    demo = ["dict", "--demo-data", "--demo-user", USER, "--demo-password", PASSWORD]
    server = subprocess.Popen(
        [str(Path(sys.executable).with_name("pymap")), *arguments, *demo], stdout=said, stderr=said
    )
    try:
        wait_until(lambda: _answers(plain), "the IMAP server answers")
        with _gate(plain, folder) as (port, context):
            yield Mailbox(plain, port, context)
    finally:
        server.terminate()
        server.wait(20)
        said.close()


def _free():
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


def _answers(port):
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1) as line:
        return line.recv(4) == b"* OK"
    return False


@contextmanager
def _gate(plain, folder):
    """Take TLS in front of the server, which knows STARTTLS only."""
    path = _certificate(folder)
    ours = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ours.load_cert_chain(path)
    loop, ready = asyncio.new_event_loop(), []

    async def pipe(reader, writer):
        with suppress(OSError, asyncio.IncompleteReadError):
            while piece := await reader.read(65536):
                writer.write(piece)
                await writer.drain()
        writer.close()

    async def come(reader, writer):
        there, back = await asyncio.open_connection("127.0.0.1", plain)
        await asyncio.gather(pipe(reader, back), pipe(there, writer), return_exceptions=True)

    async def begin():
        server = await asyncio.start_server(come, "127.0.0.1", 0, ssl=ours)
        ready.append(server.sockets[0].getsockname()[1])

    thread = Thread(target=loop.run_forever, daemon=True)
    thread.start()
    asyncio.run_coroutine_threadsafe(begin(), loop).result(20)  # in a thread: another loop may run in this one
    try:
        yield ready[0], ssl.create_default_context(cafile=str(path))
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(20)


def _certificate(folder):
    key, name = (
        ec.generate_private_key(ec.SECP256R1()),
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")]),
    )
    now = datetime.now(UTC)
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
    made = made.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    made = made.add_extension(names, critical=False).sign(key, SHA256())
    path = folder / "localhost.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(private + made.public_bytes(Encoding.PEM))
    return path
