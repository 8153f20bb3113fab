"""What runs in a served house, by what it is, so that it can be shot at."""

import psutil

from regulars.testing.serving import Served


def processes(served: Served) -> dict[str, list[psutil.Process]]:
    """The living processes: web (its workers too), work, postgres, postgres backend."""
    found: dict[str, list[psutil.Process]] = {}
    for child in psutil.Process(served.process.pid).children(recursive=True):
        try:
            kind = _kind(child)
        except psutil.Error:
            continue
        if kind:
            found.setdefault(kind, []).append(child)
    return found


def _kind(process: psutil.Process) -> str:
    if process.status() == psutil.STATUS_ZOMBIE:
        return ""
    command = process.cmdline()
    if not command:
        return ""
    if command[0].endswith("/postgres"):
        return "postgres"
    if command[0].startswith("postgres:"):
        return "postgres backend" if "regulars regulars" in command[0] else ""
    return command[-1] if command[-1] in {"work", "web"} else ""
