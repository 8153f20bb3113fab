"""A whole house as `regulars serve` starts it, in a folder of its own, with a look at all its processes."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from time import monotonic, sleep

import psutil


def until(condition, patience: float = 60.0):
    end = monotonic() + patience
    while not (found := condition()):
        assert monotonic() < end, "waited too long"
        sleep(0.02)
    return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def regulars(*arguments: str, said: str | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "regulars", *arguments],
        input=said,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, **environment},
    )


class House:
    def __init__(self) -> None:
        self.data = Path(tempfile.mkdtemp(prefix="regulars-serve-"))
        self.port = free_port()
        self.process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        arguments = ["serve", "--data", str(self.data), "--port", str(self.port)]
        with (self.data.parent / f"{self.data.name}.said").open("a") as said:
            self.process = subprocess.Popen([sys.executable, "-m", "regulars", *arguments], stdout=said, stderr=said)
        until(self.answers)

    @property
    def said(self) -> str:
        return (self.data.parent / f"{self.data.name}.said").read_text()

    def answers(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, self.said
        connection = HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == 200
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()

    def processes(self) -> dict[int, str]:
        """Everything that runs for this data folder: number to command line."""
        found = {}
        for process in psutil.process_iter():
            try:
                command = " ".join(process.cmdline())
                mine = str(self.data) in command or process.environ().get("REGULARS_DATA") == str(self.data)
            except psutil.Error:
                continue
            if mine and process.status() != psutil.STATUS_ZOMBIE:
                found[process.pid] = command
        return found

    def pids(self, command: str) -> list[int]:
        return sorted(pid for pid, line in self.processes().items() if f"-m regulars {command}" in line)

    @property
    def postgres(self) -> int:
        """The number of the running PostgreSQL; 0 while there is none."""
        try:
            return int((self.data / "postgres" / "postmaster.pid").read_text().split()[0])
        except (FileNotFoundError, IndexError):
            return 0

    def clear(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        until(lambda: not self.processes())
        shutil.rmtree(self.data, ignore_errors=True)
        (self.data.parent / f"{self.data.name}.said").unlink(missing_ok=True)
