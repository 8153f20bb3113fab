"""A real HTTP server that messages are posted to: a system of somebody's, or a gateway for text messages."""

from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
TEXTS = {
    "method": "POST",
    "form": "json",
    "body": '{"to": "{to}", "text": "{text}", "from": "{from}", "id": "{id}"}',
    "sender": "Gifts",
}


@dataclass(frozen=True)
class Asked:
    """What was asked."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Peer:
    """What it has heard, and what it answers: `drop` hangs up once it has heard."""

    url: str = ""
    heard: list[Asked] = field(default_factory=list)
    status: int = 200
    said: bytes = b"{}"
    drop: bool = False

    def once(self) -> dict[str, bytes]:
        """What was posted, once by the id by which a repetition is known."""
        return {one.headers["webhook-id"]: one.body for one in self.heard}


@contextmanager
def answering():
    peer = Peer()

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            length = int(self.headers.get("content-length") or 0)
            headers = {name.lower(): value for name, value in self.headers.items()}
            peer.heard.append(Asked(self.command, self.path, headers, self.rfile.read(length)))
            if peer.drop:
                self.connection.close()
                return
            self.send_response(peer.status)
            self.send_header("location", "http://127.0.0.1:1/elsewhere")
            self.send_header("content-length", str(len(peer.said)))
            self.end_headers()
            self.wfile.write(peer.said)

        do_POST = do_GET = do_PUT = _answer  # noqa: N815 (the server calls them so)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.handle_error = lambda *_: None
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    peer.url = f"http://127.0.0.1:{server.server_address[1]}/messages"
    try:
        yield peer
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
