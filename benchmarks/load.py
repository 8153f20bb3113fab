"""A load generator that costs little: threads with kept-open connections, requests encoded beforehand."""

import socket
from base64 import b64encode
from collections.abc import Iterator, Sequence
from threading import Lock, Thread
from time import perf_counter


def request(host: str, path: str, key: str, body: bytes) -> bytes:
    """Return a whole HTTP/1.1 POST as bytes."""
    basic = b64encode(f"{key}:".encode()).decode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Basic {basic}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def get(host: str, path: str) -> bytes:
    """Return a whole HTTP/1.1 GET as bytes, as a browser sends it."""
    agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    return f"GET {path} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: {agent}\r\n\r\n".encode()


class Connection:
    """One kept-open connection."""

    def __init__(self, host: str, port: int) -> None:
        self._socket = socket.create_connection((host, port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, text: bytes) -> int:
        """Send a request and return the status of its answer."""
        self._socket.sendall(text)
        answer = self._socket.recv(65536)
        while b"\r\n\r\n" not in answer:
            answer += self._socket.recv(65536)
        head, _, body = answer.partition(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0])
        while len(body) < length:
            body += self._socket.recv(65536)
        return int(head[9:12])

    def close(self) -> None:
        """Close it."""
        self._socket.close()


def flood(host: str, port: int, requests: Sequence[bytes], *, connections: int) -> tuple[float, dict[int, int]]:
    """Send all requests over some connections as fast as they go; return the seconds and how often each status came."""
    waiting: Iterator[bytes] = iter(requests)
    lock = Lock()
    statuses: dict[int, int] = {}

    def work() -> None:
        connection = Connection(host, port)
        mine: dict[int, int] = {}
        while True:
            with lock:
                text = next(waiting, None)
            if text is None:
                break
            status = connection.send(text)
            mine[status] = mine.get(status, 0) + 1
        connection.close()
        with lock:
            for status, count in mine.items():
                statuses[status] = statuses.get(status, 0) + count

    threads = [Thread(target=work) for _ in range(connections)]
    began = perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return perf_counter() - began, statuses
