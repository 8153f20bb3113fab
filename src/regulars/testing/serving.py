"""A whole house in processes of its own, as an operator would start it: for tests and benchmarks."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from time import monotonic, sleep

from regulars.store.embedded import running_url
from regulars.words.errors import Unavailable

_PATIENCE = 60.0
_OK = 200


def free_port() -> int:
    """Return a port nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(happened: Callable[[], object], what: str, patience: float = _PATIENCE) -> None:
    """Wait for a condition; raise TimeoutError, saying what was waited for, after some seconds."""
    end = monotonic() + patience
    while not happened():
        if monotonic() > end:
            raise TimeoutError(f"not within {patience:.0f} s: {what}")
        sleep(0.02)


class Served:
    """A running `regulars serve`."""

    def __init__(self, data: Path, port: int, process: "subprocess.Popen[bytes]") -> None:
        self.data = data
        self.port = port
        self.process = process

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def database_url(self) -> str:
        """Its database's address; raise Unavailable while it is down."""
        url = running_url(self.data)
        if url is None:
            raise Unavailable("PostgreSQL is not there just now.")
        return url

    def answers(self, path: str = "/readyz") -> bool:
        """Tell whether it answers, database and all."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", path)
            return connection.getresponse().status == _OK
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()


@contextmanager
def scratch() -> Generator[Path]:
    """Give a data folder that PostgreSQL's own user can reach, and remove it afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="regulars-"))
    folder.chmod(0o755)
    try:
        yield folder / "data"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def serving(data: Path, *, command: str = "serve", before: Sequence[str] = (), **settings: object) -> Generator[Served]:
    """Serve a data folder with these settings until the block ends. What it says goes to `<data>.log`.

    `before` stands before the command on its line, as `nice` would.
    """
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment |= {f"REGULARS_{name.upper()}": str(value) for name, value in settings.items()}
    said = data.with_suffix(".log")
    with said.open("ab") as log:
        process = subprocess.Popen(  # noqa: S603
            [*before, sys.executable, "-m", "regulars", command, "--data", str(data), "--port", str(port)],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    served = Served(data, port, process)
    try:
        wait_until(lambda: process.poll() is not None or served.answers(), "the house answers", 180)
        if process.poll() is not None:
            raise RuntimeError(f"the house did not start: {said.read_text()[-2000:]}")
        yield served
    finally:
        process.terminate()
        process.wait(60)
