"""What this machine has for us: its memory and processors, or what its container or service may take of them."""

import os
from collections.abc import Iterator
from pathlib import Path

_MB = 1024 * 1024
_ROOT = Path("/")
_NO_LIMIT = 1 << 60
"""What version 1 of control groups writes where there is no limit is larger than this."""

SMALLEST_MEMORY = 1024
"""MB that the whole house is known to run in, on one processor (`make bench NAME=small`)."""
SMALL = 2048
"""MB below which it keeps itself small."""


def memory(given: int = 0, root: Path = _ROOT) -> int:
    """Return the MB that we may take: what was given, this machine's, or its container's or service's if that is less.

    `root` is where the files of the kernel are, for tests.
    """
    if given:
        return given
    whole = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    limits = [int(text) for text in _texts(root, "memory", ("memory.max", "memory.limit_in_bytes")) if text.isdigit()]
    return min([whole, *(limit for limit in limits if limit < _NO_LIMIT)]) // _MB


def processors(root: Path = _ROOT) -> int:
    """Return how many processors we may use, at least one."""
    count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    shares = [text.split() for text in _texts(root, "cpu", ("cpu.max",))]
    shares = [share for share in shares if len(share) == 2 and share[0].isdigit()]  # noqa: PLR2004 (quota and period)
    return max(1, min([count, *(-(-int(quota) // int(period)) for quota, period in shares)]))


def _texts(root: Path, controller: str, files: tuple[str, ...]) -> Iterator[str]:
    """Yield what these files say in our control group and in all around it: the least of them holds."""
    for folder in _groups(root, controller):
        for name in files:
            try:
                yield (folder / name).read_text(encoding="ascii").strip()
            except OSError:
                continue


def _groups(root: Path, controller: str) -> Iterator[Path]:
    try:
        lines = (root / "proc/self/cgroup").read_text(encoding="utf-8").splitlines()
    except OSError:
        return
    for line in lines:
        _, controllers, path = line.split(":", 2)
        if controllers and controller not in controllers.split(","):
            continue
        top = root / "sys/fs/cgroup" / (controller if controllers else "")
        group = top / path.lstrip("/")
        yield from (group, *(one for one in group.parents if one.is_relative_to(top)))
